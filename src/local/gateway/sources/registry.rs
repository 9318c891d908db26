//! The mappings that exist, their pollers, and what happens when one is made, changed or removed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::super::Shared;
use super::super::answer::ApiError;
use super::mapping::{Mapping, State, Status};
use super::poller::{IDLE, Poller, SESSION, lock};

struct Entry {
    mapping: Mapping,
    status: Arc<Mutex<Status>>,
    poller: Option<Poller>,
}

/// Every mapping by its id.
#[derive(Default)]
pub struct Registry(Mutex<HashMap<String, Entry>>);

impl Registry {
    /// Whether this is one of ours.
    pub fn knows(&self, id: &str) -> bool {
        self.entries().contains_key(id)
    }

    /// One mapping.
    pub fn get(&self, id: &str) -> Result<(Mapping, Status), ApiError> {
        self.entries().get(id).map(Entry::look).ok_or_else(missing)
    }

    /// All of them, oldest change first.
    pub fn all(&self) -> Vec<(Mapping, Status)> {
        let mut all: Vec<_> = self.entries().values().map(Entry::look).collect();
        all.sort_by(|(left, _), (right, _)| left.topic.cmp(&right.topic).then(left.uuid.cmp(&right.uuid)));
        all
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<String, Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    fn look(&self) -> (Mapping, Status) {
        (self.mapping.clone(), lock(&self.status).clone())
    }
}

/// Starts the mappings of the state file.
pub fn resume(shared: &Arc<Shared>) {
    for mapping in shared.store.read(|state| state.mappings.clone()) {
        let state = if mapping.enabled { State::Enabled } else { State::Disabled };
        let status = Arc::new(Mutex::new(Status { state, result: IDLE.into() }));
        let poller = mapping.enabled.then(|| Poller::spawn(shared, mapping.clone(), status.clone()));
        shared.sources.entries().insert(mapping.uuid.clone(), Entry { mapping, status, poller });
    }
}

/// Makes a mapping.
pub fn create(shared: &Arc<Shared>, mapping: Mapping) -> Result<(Mapping, Status), ApiError> {
    let mut entries = shared.sources.entries();
    if let Some(error) = conflict(&mapping, entries.values().map(|entry| &entry.mapping), shared) {
        return Err(error);
    }
    shared.store.change(|state| state.mappings.push(mapping.clone())).map_err(|error| unsaved(&error))?;
    let state = if mapping.enabled { State::Creating } else { State::Disabled };
    let status = Arc::new(Mutex::new(Status { state, result: IDLE.into() }));
    let poller = mapping.enabled.then(|| Poller::spawn(shared, mapping.clone(), status.clone()));
    let entry = Entry { mapping: mapping.clone(), status, poller };
    let look = (entry.look().0, Status { state: State::Creating, result: IDLE.into() });
    entries.insert(mapping.uuid, entry);
    Ok(look)
}

/// Changes a mapping: its poller ends what is under way, then one for the new mapping starts.
pub fn update(shared: &Arc<Shared>, next: Mapping) -> Result<(Mapping, Status), ApiError> {
    let mut entries = shared.sources.entries();
    let others: Vec<Mapping> =
        entries.values().filter(|entry| entry.mapping.uuid != next.uuid).map(|entry| entry.mapping.clone()).collect();
    if let Some(error) = conflict(&next, &others, shared) {
        return Err(error);
    }
    let entry = entries.get_mut(&next.uuid).ok_or_else(missing)?;
    require_settled(entry)?;
    let save = |state: &mut super::super::store::State| {
        for known in state.mappings.iter_mut().filter(|known| known.uuid == next.uuid) {
            let positioned = known.positioned;
            *known = Mapping { positioned, ..next.clone() };
        }
    };
    shared.store.change(save).map_err(|error| unsaved(&error))?;
    let state = match (entry.mapping.enabled, next.enabled) {
        (false, true) => State::Enabling,
        (true, false) => State::Disabling,
        (true, true) => State::Updating,
        (false, false) => State::Disabled,
    };
    entry.mapping = next.clone();
    lock(&entry.status).state = state;
    let before = entry.poller.take();
    let look = entry.look();
    tokio::spawn(replace(shared.clone(), next, before));
    Ok(look)
}

/// Removes a mapping: it is forgotten at once, and gone when its poller has ended.
pub fn delete(shared: &Arc<Shared>, id: &str) -> Result<(Mapping, Status), ApiError> {
    let mut entries = shared.sources.entries();
    let entry = entries.get_mut(id).ok_or_else(missing)?;
    require_settled(entry)?;
    let save = shared.store.change(|state| state.mappings.retain(|known| known.uuid != id));
    save.map_err(|error| unsaved(&error))?;
    lock(&entry.status).state = State::Deleting;
    let before = entry.poller.take();
    let look = entry.look();
    let (shared, id) = (shared.clone(), id.to_owned());
    tokio::spawn(async move {
        if let Some(poller) = before {
            poller.stop().await;
        }
        shared.sources.entries().remove(&id);
    });
    Ok(look)
}

async fn replace(shared: Arc<Shared>, mapping: Mapping, before: Option<Poller>) {
    if let Some(poller) = before {
        poller.stop().await;
        if !mapping.enabled {
            tokio::time::sleep(SESSION).await;
        }
    }
    let mut entries = shared.sources.entries();
    let Some(entry) = entries.get_mut(&mapping.uuid) else { return };
    if mapping.enabled {
        entry.poller = Some(Poller::spawn(&shared, mapping, entry.status.clone()));
    } else {
        lock(&entry.status).state = State::Disabled;
    }
}

fn require_settled(entry: &Entry) -> Result<(), ApiError> {
    let state = lock(&entry.status).state;
    if state.is_settled() {
        return Ok(());
    }
    let message = format!("Cannot change the event source mapping because it is {state:?}.");
    Err(ApiError::new(400, "ResourceInUseException", message))
}

/// A function may have one mapping to a topic, and a consumer group one mapping.
fn conflict<'a>(wanted: &Mapping, others: impl IntoIterator<Item = &'a Mapping>, shared: &Shared) -> Option<ApiError> {
    let other = others.into_iter().find(|other| {
        (other.function == wanted.function && other.topic == wanted.topic) || other.group == wanted.group
    })?;
    let message = format!(
        "The event source arn (\" {} \") and function (\" {} \") provided mapping already exists. Please update or \
         delete the existing mapping with UUID {}",
        shared.cluster.arn,
        other.function.arn(&shared.region, &shared.account),
        other.uuid
    );
    Some(ApiError::new(409, "ResourceConflictException", message))
}

fn missing() -> ApiError {
    ApiError::new(404, "ResourceNotFoundException", "The resource you requested does not exist.")
}

fn unsaved(error: &anyhow::Error) -> ApiError {
    ApiError::new(500, "ServiceException", format!("{error:#}"))
}
