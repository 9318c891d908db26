//! What becomes of applications: those that are due are exported and deleted, those that are abandoned expire.

use std::time::{Duration, SystemTime};

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::customer::{Customer, block_on, call};
use crate::support::platform::{Platform, shared};

pub fn trials() -> Vec<Trial> {
    crate::trials![a_due_application_is_exported_and_deleted_with_its_documents, an_abandoned_upload_expires]
}

const DOCUMENTS: &str = "onboard-ai-documents-local-123456789012";
const ARCHIVE: &str = "onboard-ai-archive-local-123456789012";
const PASSPORT: &str = "Document Number: L898902C3\nSurname: Eriksson\nGiven Names: Anna Maria\n\
                        Date of Birth: 1974-08-12\nDate of Expiry: 2039-04-15\nNationality: GBR\nSex: F\n";

fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs()
}

fn row(platform: &Platform, table: &str, application: &str) -> Value {
    platform.python("item", &[table, &json!({"applicationId": {"S": application}}).to_string()])
}

/// A customer's announced document: the application, and the document's id.
async fn announced(customer: &Customer) -> (String, Value) {
    let body = json!({ "documents": [{
        "documentType": "PASSPORT", "fileName": "passport.txt", "contentType": "text/plain", "sizeBytes": PASSPORT.len()
    }] });
    let token = Some(customer.token.as_str());
    let answer = call(&customer.site, "POST", "/api/documents/upload", token, None, Some(body)).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    (answer.body["applicationId"].as_str().unwrap().to_owned(), answer.body["uploads"][0].clone())
}

/// Uploads the announced document and has it read.
async fn processed(customer: &Customer, application: &str, upload: &Value) {
    let mut request = reqwest::Client::new().put(upload["url"].as_str().unwrap()).body(PASSPORT);
    for (name, value) in upload["headers"].as_object().unwrap() {
        request = request.header(name, value.as_str().unwrap());
    }
    assert_eq!(request.send().await.unwrap().status(), 200);
    let body = json!({ "applicationId": application, "documents": [{ "documentId": upload["documentId"] }] });
    let token = Some(customer.token.as_str());
    let answer = call(&customer.site, "POST", "/api/documents/process", token, None, Some(body)).await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

async fn customer_at_documents(site: &str) -> Customer {
    let customer = Customer::new(site).await;
    assert_eq!(customer.submit(None, Customer::information()).await.status, 201);
    customer
}

fn an_abandoned_upload_expires() {
    let platform = shared();
    assert_eq!(
        platform.python("time_to_live", &["applications-local"]),
        json!({"TimeToLiveStatus": "ENABLED", "AttributeName": "expiresAt"})
    );
    block_on(async {
        let customer = customer_at_documents(&platform.site()).await;
        let (application, upload) = announced(&customer).await;
        let expires = |row: &Value| row["expiresAt"]["N"].as_str().map(|text| text.parse::<u64>().unwrap());
        let in_days =
            (expires(&row(platform, "applications-local", &application)).expect("a time to live") - now()) / 86_400;
        assert!((29..=30).contains(&in_days), "it expires in {in_days} days");
        processed(&customer, &application, &upload).await;
        let after = row(platform, "applications-local", &application);
        assert_eq!(expires(&after), None, "an application with a processed document would expire: {after:#}");
        // Nor does another upload bring it back.
        announced(&customer).await;
        let again = row(platform, "applications-local", &application);
        assert_eq!((expires(&again), again["documents"]["M"].as_object().unwrap().len()), (None, 2), "{again:#}");
    });
}

fn a_due_application_is_exported_and_deleted_with_its_documents() {
    let platform = shared();
    let (due, upload, kept, other) = block_on(async {
        let site = platform.site();
        let (one, two) = (customer_at_documents(&site).await, customer_at_documents(&site).await);
        let (due, upload) = announced(&one).await;
        processed(&one, &due, &upload).await;
        let (kept, other) = announced(&two).await;
        processed(&two, &kept, &other).await;
        (due, upload, kept, other)
    });
    // The consumer writes the row too, at its own pace.
    crate::local::eventually("the event has its effect", Duration::from_secs(30), || {
        !row(platform, "applications-local", &due)["status"].is_null()
    });
    let mut application = row(platform, "applications-local", &due);
    application["archiveAt"] = json!({"N": (now() - 5).to_string()});
    platform.python("put", &["applications-local", &application.to_string()]);
    for table in ["kyc-results-local", "policy-recommendations-local"] {
        let decided = json!({"applicationId": {"S": due}, "decided": {"S": table}});
        platform.python("put", &[table, &decided.to_string()]);
    }
    let key = |upload: &Value| {
        let objects = platform.python("objects", &[DOCUMENTS]);
        let id = upload["documentId"].as_str().unwrap().to_owned();
        objects.as_array().unwrap().iter().find(|key| key.as_str().unwrap().ends_with(&id)).cloned()
    };
    let document = key(&upload).expect("the document is there before").as_str().unwrap().to_owned();

    let answer = platform.python("invoke", &["onboard-ai-archiver-local", "{}"]);
    assert!(answer["error"].is_null(), "{answer:#}");
    let report = &answer["payload"];
    assert!(report["archived"].as_u64() >= Some(1) && report["documents"].as_u64() >= Some(1), "{answer:#}");

    let lines: Vec<Value> = report["objects"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|key| {
            let text = platform.python("object", &[ARCHIVE, key.as_str().unwrap()]);
            text.as_str().unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>()
        })
        .collect();
    let line = lines.iter().find(|line| line["application"]["applicationId"] == due.as_str()).expect("the export");
    assert_eq!(line["kycResult"]["decided"], "kyc-results-local", "{line:#}");
    assert_eq!(line["recommendations"]["decided"], "policy-recommendations-local", "{line:#}");
    assert!(line["application"]["documents"].to_string().contains("Eriksson"), "what was read is kept: {line:#}");
    for table in ["applications-local", "kyc-results-local", "policy-recommendations-local"] {
        assert!(row(platform, table, &due).is_null(), "{table} still has the application");
    }
    assert_eq!(key(&upload), None, "the document is still there");
    let versions = platform.python("object_versions", &[DOCUMENTS, &document]);
    assert_eq!(versions, json!({"versions": 1, "markers": 1}), "it could not be brought back");
    assert!(!row(platform, "applications-local", &kept).is_null() && key(&other).is_some(), "another one was touched");
    // What is archived is archived once.
    let again = platform.python("invoke", &["onboard-ai-archiver-local", "{}"]);
    assert_eq!(again["payload"]["archived"], 0, "{again:#}");
}
