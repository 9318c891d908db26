//! The answer of `AnalyzeDocument` with `FORMS`: keys and values are blocks that point to each other and to their words.
//! Source: Amazon Textract Developer Guide, "Form data (key-value pairs)".

use std::collections::HashMap;

use aws_sdk_textract::types::{Block, BlockType, EntityType, Relationship, RelationshipType, SelectionStatus};
use jiff::civil::Date;

use super::{fraction, put, read_zone};
use crate::agents::Extraction;

/// How many blocks are looked at: a page has thousands.
const LIMIT_BLOCKS: usize = 20_000;

/// Adds the form's values that have a known key.
pub fn map(blocks: &[Block], today: Date, into: &mut Extraction) {
    let blocks = &blocks[..blocks.len().min(LIMIT_BLOCKS)];
    read_zone(blocks, today, into);
    let by_id: HashMap<&str, &Block> = blocks.iter().filter_map(|block| Some((block.id()?, block))).collect();
    let keys = blocks.iter().filter(|block| {
        block.block_type() == Some(&BlockType::KeyValueSet) && block.entity_types().contains(&EntityType::Key)
    });
    for key in keys {
        let values = related(key, &RelationshipType::Value, &by_id);
        let text = values.iter().map(|value| words(value, &by_id)).collect::<Vec<_>>().join(" ");
        // Neither is surer than the other: a value under the wrong key is as wrong as a misread one.
        let confidence =
            values.iter().map(|value| fraction(value.confidence())).fold(fraction(key.confidence()), f64::min);
        if !text.trim().is_empty() {
            put(words(key, &by_id).trim_end_matches([':', ' ']), &text, confidence, into);
        }
    }
}

fn related<'a>(block: &Block, kind: &RelationshipType, by_id: &HashMap<&str, &'a Block>) -> Vec<&'a Block> {
    block
        .relationships()
        .iter()
        .filter(|relationship| relationship.r#type() == Some(kind))
        .flat_map(Relationship::ids)
        .filter_map(|id| by_id.get(id.as_str()).copied())
        .collect()
}

/// The words of a key or a value. A box counts by what is ticked.
fn words(block: &Block, by_id: &HashMap<&str, &Block>) -> String {
    let words: Vec<&str> = related(block, &RelationshipType::Child, by_id)
        .into_iter()
        .filter_map(|word| match word.selection_status() {
            Some(SelectionStatus::Selected) => Some("yes"),
            Some(_) => None,
            None => word.text(),
        })
        .collect();
    words.join(" ")
}
