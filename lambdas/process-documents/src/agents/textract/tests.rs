//! Requests and answers against recorded shapes of the API model (protocol AWS JSON 1.1, target prefix `Textract`).

use aws_sdk_textract::config::{BehaviorVersion, Credentials, Region};
use jiff::civil::date;
use serde_json::{Value, json};
use shared::tables::DocumentType;

use super::*;
use crate::agents::Media;
use crate::recorded::Recorded;

const TODAY: Date = date(2026, 11, 23);

/// Answers with a recorded body, and comes back with what was asked.
async fn ask(document_type: DocumentType, status: u16, answer: &Value) -> (Result<Extraction, Failure>, Recorded) {
    let content_type = vec![("content-type", "application/x-amz-json-1.1")];
    let replay = Recorded::new(vec![(status, content_type, answer.to_string())]);
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .credentials_provider(aws_sdk_textract::config::SharedCredentialsProvider::new(Credentials::for_tests()))
        .retry_config(aws_config::retry::RetryConfig::disabled())
        .http_client(replay.clone())
        .build();
    let object = StoredObject { bucket: "documents".into(), key: "c-1/a-1/d-1".into(), version: "v-7".into() };
    let document = Document { media: Media::Jpeg, document_type, object: &object, bytes: &[] };
    (Textract::new(&config).extract(&document, TODAY).await, replay)
}

fn asked(replay: &Recorded) -> (String, String, Value) {
    let asked = replay.asked();
    let request = asked.first().expect("nothing was asked");
    let body = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
    let header = |name: &str| request.headers().get(name).unwrap_or_default().to_owned();
    (header("x-amz-target"), header("content-type"), body)
}

fn values(extraction: &Extraction) -> Vec<(&str, &str, f64)> {
    let rounded = |confidence: f64| (confidence * 10_000.0).round() / 10_000.0;
    extraction
        .fields
        .iter()
        .map(|field| (field.name.as_str(), field.value.as_str(), rounded(field.confidence)))
        .collect()
}

fn found(kind: &str, text: &str, confidence: f64) -> Value {
    json!({ "Type": { "Text": kind }, "ValueDetection": { "Text": text, "Confidence": confidence } })
}

fn day(kind: &str, text: &str, normal: &str, confidence: f64) -> Value {
    let mut field = found(kind, text, confidence);
    field["ValueDetection"]["NormalizedValue"] = json!({ "Value": normal, "ValueType": "DATE" });
    field
}

#[tokio::test]
async fn an_identity_document() {
    let answer = json!({
        "IdentityDocuments": [{
            "DocumentIndex": 1,
            "IdentityDocumentFields": [
                found("FIRST_NAME", "GARCIA", 98.5),
                found("MIDDLE_NAME", "MARIA", 90.25),
                found("LAST_NAME", "SANCHEZ", 99.0),
                found("SUFFIX", "", 99.9),
                found("CITY_IN_ADDRESS", "ANYTOWN", 99.0),
                found("ZIP_CODE_IN_ADDRESS", "10001", 98.0),
                found("STATE_IN_ADDRESS", "NY", 99.0),
                found("ADDRESS", "100 MAIN STREET", 97.0),
                found("COUNTY", "", 99.9),
                found("DOCUMENT_NUMBER", "736HDV7874JSB", 96.0),
                day("EXPIRATION_DATE", "01/20/2028", "2028-01-20T00:00:00", 99.5),
                day("DATE_OF_BIRTH", "03/18/1978", "1978-03-18T00:00:00", 99.5),
                day("DATE_OF_ISSUE", "01/05/2018", "2018-01-05T00:00:00", 99.5),
                found("ID_TYPE", "DRIVER LICENSE FRONT", 99.0),
            ],
            "Blocks": [],
        }],
        "DocumentMetadata": { "Pages": 1 },
        "AnalyzeIDModelVersion": "1.0",
    });
    let (extraction, replay) = ask(DocumentType::DrivingLicence, 200, &answer).await;
    let (target, content_type, body) = asked(&replay);
    assert_eq!((target.as_str(), content_type.as_str()), ("Textract.AnalyzeID", "application/x-amz-json-1.1"));
    let object = json!({ "Bucket": "documents", "Name": "c-1/a-1/d-1", "Version": "v-7" });
    assert_eq!(body, json!({ "DocumentPages": [{ "S3Object": object }] }));
    let extraction = extraction.unwrap();
    assert_eq!(
        values(&extraction),
        [
            ("surname", "SANCHEZ", 0.99),
            ("documentNumber", "736HDV7874JSB", 0.96),
            ("dateOfBirth", "1978-03-18", 0.995),
            ("dateOfExpiry", "2028-01-20", 0.995),
            ("dateOfIssue", "2018-01-05", 0.995),
            ("city", "ANYTOWN", 0.99),
            ("postalCode", "10001", 0.98),
            ("region", "NY", 0.99),
            ("givenNames", "GARCIA MARIA", 0.9025),
            ("address", "100 MAIN STREET, ANYTOWN, NY, 10001", 0.97),
        ]
    );
    assert_eq!(extraction.warnings, Vec::<String>::new());
}

#[tokio::test]
async fn the_zone_of_a_passport_counts_by_its_check_digits() {
    let zone = |number: &str| {
        let code = format!("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n{number}UTO7408122F1204159ZE184226B<<<<<10");
        json!({
            "IdentityDocuments": [{
                "DocumentIndex": 1,
                "IdentityDocumentFields": [found("DOCUMENT_NUMBER", "L898902C3", 99.0), found("MRZ_CODE", &code, 98.0)],
            }],
        })
    };
    let (good, _) = ask(DocumentType::Passport, 200, &zone("L898902C36")).await;
    assert!(values(&good.unwrap()).contains(&("documentNumber", "L898902C3", 1.0)));
    let (bad, _) = ask(DocumentType::Passport, 200, &zone("L898902C46")).await;
    let bad = bad.unwrap();
    assert_eq!(bad.value("documentNumber"), None);
    assert_eq!(bad.warnings, ["CHECK_DIGIT_FAILED: documentNumber"]);
}

#[tokio::test]
async fn a_form() {
    let word = |id: &str, text: &str| json!({ "BlockType": "WORD", "Id": id, "Text": text, "Confidence": 99.0 });
    let set = |id: &str, kind: &str, confidence: f64, relationships: Value| {
        json!({
            "BlockType": "KEY_VALUE_SET", "Id": id, "EntityTypes": [kind], "Confidence": confidence,
            "Relationships": relationships,
        })
    };
    let of = |ids: &[&str]| json!({ "Type": "CHILD", "Ids": ids });
    let answer = json!({
        "DocumentMetadata": { "Pages": 1 },
        "Blocks": [
            { "BlockType": "PAGE", "Id": "p", "Relationships": [{ "Type": "CHILD", "Ids": ["l1", "k1", "v1"] }] },
            { "BlockType": "LINE", "Id": "l1", "Text": "Home address: 123 Any Street", "Confidence": 99.0 },
            word("w1", "Home"), word("w2", "address:"), word("w3", "123"), word("w4", "Any"), word("w5", "Street"),
            set("k1", "KEY", 94.0, json!([{ "Type": "VALUE", "Ids": ["v1"] }, of(&["w1", "w2"])])),
            set("v1", "VALUE", 92.5, json!([of(&["w3", "w4", "w5"])])),
            word("w6", "Full"), word("w7", "name:"), word("w8", "Jane"), word("w9", "Doe"),
            set("k2", "KEY", 90.0, json!([{ "Type": "VALUE", "Ids": ["v2"] }, of(&["w6", "w7"])])),
            set("v2", "VALUE", 95.0, json!([of(&["w8", "w9"])])),
            word("w10", "Remarks"),
            { "BlockType": "SELECTION_ELEMENT", "Id": "s1", "SelectionStatus": "SELECTED", "Confidence": 80.0 },
            set("k3", "KEY", 90.0, json!([{ "Type": "VALUE", "Ids": ["v3"] }, of(&["w10"])])),
            set("v3", "VALUE", 95.0, json!([of(&["s1"])])),
            word("w11", "Email"),
            set("k4", "KEY", 90.0, json!([{ "Type": "VALUE", "Ids": ["nowhere"] }, of(&["w11"])])),
        ],
        "AnalyzeDocumentModelVersion": "1.0",
    });
    let (extraction, replay) = ask(DocumentType::ProofOfAddress, 200, &answer).await;
    let (target, _, body) = asked(&replay);
    assert_eq!(target, "Textract.AnalyzeDocument");
    let object = json!({ "Bucket": "documents", "Name": "c-1/a-1/d-1", "Version": "v-7" });
    assert_eq!(body, json!({ "Document": { "S3Object": object }, "FeatureTypes": ["FORMS"] }));
    let extraction = extraction.unwrap();
    assert_eq!(values(&extraction), [("address", "123 Any Street", 0.925), ("fullName", "Jane Doe", 0.9)]);
}

#[tokio::test]
async fn what_the_service_refuses() {
    for (document_type, code, expected) in [
        (DocumentType::Passport, "UnsupportedDocumentException", "does not read this file"),
        (DocumentType::Form, "UnsupportedDocumentException", "does not read this file"),
        (DocumentType::Passport, "BadDocumentException", "can't read the document"),
        (DocumentType::Form, "DocumentTooLargeException", "too large"),
    ] {
        let (extraction, _) = ask(document_type, 400, &json!({ "__type": code, "Message": "no" })).await;
        let extraction = extraction.unwrap();
        assert!(extraction.fields.is_empty() && extraction.warnings[0].contains(expected), "{code}: {extraction:?}");
    }
    for (code, status, busy) in [
        ("ThrottlingException", 400, true),
        ("ProvisionedThroughputExceededException", 400, true),
        ("AccessDeniedException", 400, false),
        ("InvalidS3ObjectException", 400, false),
        ("InternalServerError", 500, false),
    ] {
        let (failure, _) = ask(DocumentType::Form, status, &json!({ "__type": code, "Message": "no" })).await;
        match failure.unwrap_err() {
            Failure::Busy => assert!(busy, "{code}"),
            Failure::Broken(error) => assert!(!busy && error.to_string().contains(code), "{code}: {error}"),
        }
    }
}

#[tokio::test]
async fn an_empty_answer_is_told() {
    for document_type in [DocumentType::IdCard, DocumentType::Form] {
        let (extraction, _) = ask(document_type, 200, &json!({})).await;
        assert_eq!(extraction.unwrap().warnings, ["Amazon Textract found nothing that is known"]);
    }
}
