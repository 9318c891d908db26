//! What an instance of the function holds from its start on.

use jiff::civil::Date;
use shared::events::EventType;
use shared::keys;
use shared::producer::Producer;

use crate::countries::{self, Countries};
use crate::thresholds::Thresholds;
use crate::watchlist::{self, Watchlist};

/// The function as the catalogue names it.
const SOURCE: &str = "perform-kyc";

/// Clients, tables, data files.
pub struct Function {
    /// What all producers have.
    pub producer: Producer,
    /// Applications.
    pub applications: String,
    /// Tries.
    pub kyc_results: String,
    /// What the checks decide by.
    pub rules: Rules,
}

/// What the checks decide by.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Codes, names, risk.
    pub countries: Countries,
    /// Who is listed.
    pub watchlist: Watchlist,
    /// The numbers of the catalogue.
    pub thresholds: Thresholds,
}

impl Rules {
    /// Reads the data files; nobody on the list is born after `today`.
    pub fn load(thresholds: Thresholds, today: Date) -> anyhow::Result<Self> {
        let countries = Countries::load(&countries::FILE)?;
        let watchlist = Watchlist::load(&watchlist::FILE, &countries, today)?;
        Ok(Self { countries, watchlist, thresholds })
    }
}

/// The day in UTC.
pub fn today() -> Date {
    shared::time::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

impl Function {
    /// Connects, and reads the data files meanwhile.
    pub async fn connect() -> anyhow::Result<Self> {
        let thresholds = Thresholds::read(keys::required)?;
        let rules = tokio::task::spawn_blocking(move || Rules::load(thresholds, today()));
        let config = shared::aws::configuration()?;
        let producer = Producer::connect(&config, SOURCE, EventType::KycVerified).await?;
        Ok(Self {
            producer,
            applications: keys::required(keys::APPLICATIONS_TABLE)?,
            kyc_results: keys::required(keys::KYC_RESULTS_TABLE)?,
            rules: rules.await??,
        })
    }
}
