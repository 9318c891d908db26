//! The built-in agent: it reads text wherever there is text, in PDFs, plain texts and JSON forms. Machine-readable zones
//! and labelled values are looked for in all of them. Images have none, so it refuses them.

pub mod form;
pub mod json;
pub mod labels;
pub mod pdf;
pub mod text;
pub mod values;
pub mod zone;

use jiff::civil::Date;

use super::{Document, Extraction, Media, confidence};
use crate::reader::Reader;

/// The largest text or JSON form. What a person fills in is a hundredth of it.
const LIMIT_TEXT_BYTES: usize = 1024 * 1024;

/// The built-in agent.
#[derive(Clone, Debug, Default)]
pub struct Builtin {
    reader: Reader,
}

impl Builtin {
    /// An agent whose PDFs are read by `reader`.
    pub const fn new(reader: Reader) -> Self {
        Self { reader }
    }

    /// Reads a document.
    pub async fn extract(&self, document: &Document<'_>, today: Date) -> anyhow::Result<Extraction> {
        let mut extraction = match document.media {
            Media::Pdf => match self.reader.text(document.bytes).await? {
                Ok(read) => of_pdf(read, today),
                Err(refusal) => Extraction::unreadable(refusal),
            },
            Media::Text | Media::Json if document.bytes.len() > LIMIT_TEXT_BYTES => {
                Extraction::unreadable("the document is larger than 1 MiB and is not read")
            }
            Media::Text => of_text(document.bytes, today),
            Media::Json => of_json(document.bytes, today),
            Media::Png | Media::Jpeg => Extraction::unreadable("an image needs the agent textract"),
        };
        if extraction.fields.is_empty() && extraction.warnings.is_empty() {
            extraction.warn("nothing that is known was found: neither a machine-readable zone nor a labelled value");
        }
        Ok(extraction)
    }
}

/// The zone goes first: what it rejects, nothing else in the document can bring back.
fn read_text(text: &str, today: Date, into: &mut Extraction) {
    zone::extract(text, today, into);
    form::extract(text, into);
}

fn of_text(bytes: &[u8], today: Date) -> Extraction {
    let mut extraction = Extraction::default();
    match text::decode(bytes) {
        Ok(text) => read_text(&text, today, &mut extraction),
        Err(refusal) => extraction.warn(refusal),
    }
    extraction
}

fn of_json(bytes: &[u8], today: Date) -> Extraction {
    let mut extraction = Extraction::default();
    match json::extract(bytes, &mut extraction) {
        Ok(texts) => zone::extract(&texts, today, &mut extraction),
        Err(refusal) => extraction.warn(refusal),
    }
    extraction
}

fn of_pdf(read: pdf::PdfText, today: Date) -> Extraction {
    let mut extraction = Extraction::default();
    // A form's values stand on no page, and what they are called says nothing about a zone: `MRZ`, `mrz1`, `Line 1`.
    let values = read.fields.iter().map(|(_, value)| value.as_str());
    let texts: Vec<&str> = std::iter::once(read.text.as_str()).chain(values).collect();
    zone::extract(&texts.join("\n"), today, &mut extraction);
    for (label, value) in &read.fields {
        if let Some(name) = labels::field_of(label) {
            form::put(name, value, confidence::NAMED, &mut extraction);
        }
    }
    form::extract(&read.text, &mut extraction);
    for warning in read.warnings {
        extraction.warn(warning);
    }
    extraction
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const TODAY: Date = date(2026, 11, 23);
    const ZONE: &str = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";

    fn values(extraction: &Extraction) -> Vec<(&str, f64)> {
        extraction.fields.iter().map(|field| (field.name.as_str(), field.confidence)).collect()
    }

    #[test]
    fn a_text_with_zone_and_labels() {
        let text = format!("Surname: Eriksson\nDate of birth: 12.08.1974\nAddress: 1 Main St\n\n{ZONE}\n");
        let extraction = of_text(text.as_bytes(), TODAY);
        assert_eq!(extraction.warnings, Vec::<String>::new());
        assert_eq!(extraction.value("surname"), Some("ERIKSSON"));
        assert!(values(&extraction).contains(&("dateOfBirth", 1.0)));
        assert!(values(&extraction).contains(&("address", 0.8)));
    }

    #[test]
    fn labels_that_contradict_the_zone_are_told() {
        let extraction = of_text(format!("Date of birth: 13.08.1974\n{ZONE}").as_bytes(), TODAY);
        assert_eq!(extraction.value("dateOfBirth"), Some("1974-08-12"));
        assert_eq!(extraction.warnings, ["CONTRADICTED: dateOfBirth"]);
    }

    #[test]
    fn what_the_zone_rejects_no_label_brings_back() {
        for text in [format!("Document number: L898902C3\n{ZONE}"), format!("{ZONE}\nDocument number: L898902C3")] {
            let extraction = of_text(text.replace("L898902C36", "L898902C37").as_bytes(), TODAY);
            assert_eq!(extraction.value("documentNumber"), None);
            assert_eq!(extraction.warnings, ["CHECK_DIGIT_FAILED: documentNumber"]);
        }
        let form =
            serde_json::json!({ "documentNumber": "L898902C3", "zone": ZONE.replace("L898902C36", "L898902C37") });
        assert_eq!(of_json(form.to_string().as_bytes(), TODAY).value("documentNumber"), None);
    }

    #[test]
    fn a_pdf_form_counts_as_named() {
        let read = pdf::PdfText {
            text: "Surname\n".into(),
            fields: vec![("Surname".into(), "Eriksson".into()), ("Remarks".into(), "none".into())],
            warnings: vec!["left out".into()],
        };
        let extraction = of_pdf(read, TODAY);
        assert_eq!(values(&extraction), [("surname", 0.9)]);
        assert_eq!(extraction.warnings, ["left out"]);
    }

    #[test]
    fn a_zone_in_a_pdf_form_is_read() {
        let (one, two) = ZONE.split_once('\n').unwrap();
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        for (name, fields) in [
            ("one field", vec![field("MRZ", ZONE)]),
            ("one field, as forms end lines", vec![field("MRZ", &ZONE.replace('\n', "\r"))]),
            ("two fields", vec![field("mrz1", one), field("mrz2", two)]),
            ("numbered lines", vec![field("Surname", "Eriksson"), field("Line 1", one), field("Line 2", two)]),
        ] {
            let extraction = of_pdf(pdf::PdfText { text: "Passport".into(), fields, warnings: vec![] }, TODAY);
            assert_eq!(extraction.value("dateOfBirth"), Some("1974-08-12"), "{name}");
            assert!(values(&extraction).contains(&("documentNumber", 1.0)), "{name}");
            assert_eq!((extraction.value("street"), extraction.warnings.as_slice()), (None, [].as_slice()), "{name}");
        }
    }

    #[test]
    fn a_zone_in_a_json_form_is_read_whatever_its_lines_are_called() {
        let (one, two) = ZONE.split_once('\n').unwrap();
        for form in [
            serde_json::json!({ "line1": one, "line2": two }),
            serde_json::json!({ "mrz": { "line1": one, "line2": two } }),
            serde_json::json!({ "mrz": ZONE }),
            serde_json::json!({ "address": { "line1": one, "line2": two } }),
            serde_json::json!({ "street": one, "city": two }),
            serde_json::json!([{ "label": "Line 1", "value": one }, { "value": two }]),
        ] {
            let extraction = of_json(form.to_string().as_bytes(), TODAY);
            assert!(values(&extraction).contains(&("dateOfBirth", 1.0)), "{form}");
            assert_eq!(extraction.value("street"), None, "{form}");
        }
    }

    #[test]
    fn what_is_printed_overrules_no_zone_not_even_its_century() {
        // The zone says `150812`, which may be a child or somebody over a hundred: a person has to look.
        const CHILD: &str =
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO1508123F1204159ZE184226B<<<<<16";
        for (printed, expected, warnings) in [
            ("", "2015-08-12", vec![]),
            ("Date of birth: 12.08.1915\n", "2015-08-12", vec!["CONTRADICTED: dateOfBirth"]),
            ("Date of birth: 12.08.2015\n", "2015-08-12", vec![]),
            ("Date of birth: 12.08.1815\n", "2015-08-12", vec!["dateOfBirth is no date that can be read"]),
            ("Date of birth: 13.08.1915\n", "2015-08-12", vec!["CONTRADICTED: dateOfBirth"]),
            ("Date of birth: 12.08.2115\n", "2015-08-12", vec!["CONTRADICTED: dateOfBirth"]),
        ] {
            let extraction = of_text(format!("{printed}{CHILD}").as_bytes(), TODAY);
            assert_eq!(extraction.value("dateOfBirth"), Some(expected), "{printed}");
            assert_eq!(extraction.warnings.len(), warnings.len(), "{printed}");
            assert!(extraction.warnings.iter().zip(warnings).all(|(one, start)| one.starts_with(start)), "{printed}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = of_text(&bytes, TODAY);
            let _ = of_json(&bytes, TODAY);
        }
    }
}
