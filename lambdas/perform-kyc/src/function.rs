//! What an instance of the function holds from its start on.

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
    /// Reads the data files.
    pub fn load(thresholds: Thresholds) -> anyhow::Result<Self> {
        let countries = Countries::load(&countries::FILE)?;
        let watchlist = Watchlist::load(&watchlist::FILE, &countries)?;
        Ok(Self { countries, watchlist, thresholds })
    }
}

impl Function {
    /// Connects, and reads the data files meanwhile.
    pub async fn connect() -> anyhow::Result<Self> {
        let thresholds = Thresholds::read(keys::required)?;
        let rules = tokio::task::spawn_blocking(move || Rules::load(thresholds));
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
