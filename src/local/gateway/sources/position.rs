//! Puts a consumer group that has no offsets where its mapping is to begin, and commits that: what is appended from
//! then on is read, however often the poller starts anew. A group that has offsets goes on from them, as in Lambda.

use std::time::Duration;

use rdkafka::consumer::{CommitMode, Consumer, ConsumerContext, StreamConsumer};
use rdkafka::error::KafkaResult;
use rdkafka::{Offset, TopicPartitionList};

use super::super::Shared;
use super::mapping::{Mapping, Start};

const PATIENCE: Duration = Duration::from_secs(10);

/// Whether nothing is to be done: reading from the oldest record is what a consumer does by itself.
pub fn is_settled(shared: &Shared, mapping: &Mapping) -> bool {
    let remembered =
        shared.store.read(|state| state.mappings.iter().any(|known| known.uuid == mapping.uuid && known.positioned));
    remembered || mapping.positioned || mapping.start == Start::TrimHorizon
}

/// Commits where the mapping begins, for every partition without an offset. Blocks.
pub fn place<C: ConsumerContext>(consumer: &StreamConsumer<C>, mapping: &Mapping) -> KafkaResult<()> {
    let metadata = consumer.fetch_metadata(None, PATIENCE)?;
    let topic = metadata.topics().iter().find(|topic| topic.name() == mapping.topic);
    let mut all = TopicPartitionList::new();
    for partition in topic.into_iter().flat_map(rdkafka::metadata::MetadataTopic::partitions) {
        all.add_partition(&mapping.topic, partition.id());
    }
    if all.count() == 0 {
        // A topic that does not exist yet has no record to skip.
        return Ok(());
    }
    let committed = consumer.committed_offsets(all, PATIENCE)?;
    let mut begin = TopicPartitionList::new();
    for element in committed.elements().iter().filter(|element| !matches!(element.offset(), Offset::Offset(_))) {
        let offset = first(consumer, mapping, element.partition())?;
        begin.add_partition_offset(&mapping.topic, element.partition(), Offset::Offset(offset))?;
    }
    if begin.count() > 0 {
        consumer.commit(&begin, CommitMode::Sync)?;
    }
    Ok(())
}

/// Remembers that the mapping was put where it begins.
pub fn remember(shared: &Shared, mapping: &Mapping) {
    let change = shared.store.change(|state| {
        for known in state.mappings.iter_mut().filter(|known| known.uuid == mapping.uuid) {
            known.positioned = true;
        }
    });
    if let Err(error) = change {
        // The committed offsets say the same; only another look at them would be saved.
        shared.events.warn(format!("{error:#}"));
    }
}

fn first<C: ConsumerContext>(consumer: &StreamConsumer<C>, mapping: &Mapping, partition: i32) -> KafkaResult<i64> {
    let (low, high) = consumer.fetch_watermarks(&mapping.topic, partition, PATIENCE)?;
    let Start::AtTimestamp(seconds) = mapping.start else {
        return Ok(if mapping.start == Start::Latest { high } else { low });
    };
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit for 285 million years")]
    let milliseconds = (seconds * 1000.0) as i64;
    let mut times = TopicPartitionList::new();
    times.add_partition_offset(&mapping.topic, partition, Offset::Offset(milliseconds))?;
    let found = consumer.offsets_for_times(times, PATIENCE)?;
    let offset = found.elements().first().map(rdkafka::topic_partition_list::TopicPartitionListElem::offset);
    Ok(match offset {
        Some(Offset::Offset(offset)) => offset,
        _ => high,
    })
}
