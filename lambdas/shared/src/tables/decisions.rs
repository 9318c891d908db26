//! What was decided about an application: the tries of KYC, the recommended policies.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::api::{CheckResult, Recommendation};

/// `kyc-results`: all tries of an application, the first first. A step appends one; what stands there never changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KycResultsRow {
    /// Key.
    pub application_id: String,
    /// Whose.
    pub customer_id: String,
    /// The tries. A customer has a bounded number of them.
    pub tries: Vec<KycTry>,
    /// When the last one was.
    pub updated_at: String,
}

/// One try.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KycTry {
    /// The how manieth of the customer, from 1.
    pub number: u32,
    /// When.
    pub at: String,
    /// `APPROVED`, `REQUIRES_REVIEW` or `REJECTED`.
    pub status: String,
    /// `LOW`, `MEDIUM` or `HIGH`.
    pub risk_level: String,
    /// The row of the decision table that decided, from 1.
    pub decided_by: u32,
    /// Why, in the table's words.
    pub reason: String,
    /// The checks as the customer was told.
    pub checks: Vec<CheckResult>,
    /// What compliance may know and the customer may not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub confidential: Vec<String>,
    /// The documents that it looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<String>,
}

/// `policy-recommendations`: the last recommendations of an application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecommendationsRow {
    /// Key.
    pub application_id: String,
    /// Whose.
    pub customer_id: String,
    /// What prices were adjusted by.
    pub risk_profile: Value,
    /// Needs that nothing covers yet.
    pub gaps: Vec<String>,
    /// The offers, best first.
    pub recommendations: Vec<Recommendation>,
    /// When.
    pub created_at: String,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::Price;
    use crate::tables::{from_item, to_item};

    #[test]
    fn rows_come_back_as_they_were() {
        let check = CheckResult {
            check: "AGE".into(),
            result: "ADULT".into(),
            passed: true,
            score: 1.0,
            evidence: vec!["dateOfBirth: at least 18 years".into()],
        };
        let row = KycResultsRow {
            application_id: "a-1".into(),
            customer_id: "c-1".into(),
            tries: vec![KycTry {
                number: 1,
                at: "2026-11-23T10:15:00.000Z".into(),
                status: "APPROVED".into(),
                risk_level: "LOW".into(),
                decided_by: 14,
                reason: "All in order.".into(),
                checks: vec![check],
                confidential: Vec::new(),
                documents: vec!["d-1".into()],
            }],
            updated_at: "2026-11-23T10:15:00.000Z".into(),
        };
        assert_eq!(from_item::<KycResultsRow>(to_item(&row).unwrap()).unwrap(), row);

        let offer = Recommendation {
            policy_id: "p-1".into(),
            name: "Policy".into(),
            fit_score: 91.0,
            reasons: vec!["covers LIFE".into()],
            price: Price { amount: 12.9, currency: "EUR".into(), period: "MONTH".into() },
        };
        let row = RecommendationsRow {
            application_id: "a-1".into(),
            customer_id: "c-1".into(),
            risk_profile: json!({ "level": "LOW" }),
            gaps: vec!["LIFE".into()],
            recommendations: vec![offer],
            created_at: "2026-11-23T10:15:00.000Z".into(),
        };
        assert_eq!(from_item::<RecommendationsRow>(to_item(&row).unwrap()).unwrap(), row);
    }
}
