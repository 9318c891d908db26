//! Faults of a platform, for the tests that ask for them.

use serde_json::Value;

use super::platform::Platform;

impl Platform {
    /// Adds a fault: the words after `local fault add`. The answer is its id.
    pub fn add_fault(&self, words: &str) -> String {
        let words: Vec<&str> = words.split(' ').collect();
        let arguments = [&["local", "fault", "add"][..], &words, &["-o", "json"]].concat();
        let document = self.run(&arguments).run().expect(0).json();
        assert_eq!(document["data"]["changed"], true, "{document:#}");
        document["data"]["fault"]["id"].as_str().unwrap().to_owned()
    }

    /// The faults there are.
    pub fn faults(&self) -> Vec<Value> {
        let document = self.run(&["local", "fault", "list", "-o", "json"]).run().expect(0).json();
        document["data"]["faults"].as_array().unwrap().clone()
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.run(&["local", "fault", "clear"]).run().expect(0);
    }

    /// How often the only fault there is struck.
    pub fn struck(&self) -> u64 {
        let faults = self.faults();
        assert_eq!(faults.len(), 1, "{faults:#?}");
        faults[0]["struck"].as_u64().unwrap()
    }

    /// How many rows of a table are a customer's.
    pub fn rows_of(&self, table: &str, customer: &str) -> usize {
        let rows = self.python("scan", &[table]);
        rows.as_array().unwrap().iter().filter(|row| row["customerId"]["S"] == customer).count()
    }
}
