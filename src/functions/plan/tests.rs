use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::catalogue::Catalogue;
use crate::environment::Variables;
use crate::functions::observe::Settled;

fn configuration(variables: &[(&str, &str)]) -> Configuration {
    Configuration {
        role: "arn:role".into(),
        memory_mb: 256,
        timeout_seconds: 15,
        runtime: "provided.al2023".into(),
        handler: "bootstrap".into(),
        subnets: BTreeSet::new(),
        security_groups: BTreeSet::new(),
        log_group: "/aws/lambda/f".into(),
        variables: variables.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
    }
}

fn source() -> Source {
    Source::Topic {
        cluster_arn: "arn:cluster".into(),
        topic: "kyc-verified".into(),
        group: "group".into(),
        secret_arn: "arn:secret".into(),
        batch_size: 100,
        window_seconds: 0,
        provisioned: false,
    }
}

fn desired() -> Desired {
    let instance = Catalogue::embedded().unwrap().instances().into_iter().next().unwrap();
    let permission = Permission {
        statement_id: "s".into(),
        principal: "apigateway.amazonaws.com".into(),
        source_arn: "arn:api/*".into(),
    };
    Desired {
        instance,
        name: "f".into(),
        alias_arn: "arn:function:f:live".into(),
        configuration: configuration(&[("A", "1")]),
        permissions: vec![permission],
        source: Some(source()),
    }
}

fn artifact(sha: &str) -> Artifact {
    Artifact {
        path: "f.zip".into(),
        code_sha256: sha.into(),
        bytes: 1,
        unpacked_bytes: 1,
        architecture: "x86_64".into(),
        previous_bytes: None,
    }
}

fn version(number: &str, sha: &str, wanted: &Configuration) -> Version {
    let configuration = Configuration { variables: merge(&wanted.variables, &Variables::new()), ..wanted.clone() };
    Version {
        version: number.into(),
        code_sha256: sha.into(),
        architecture: "x86_64".into(),
        bytes: 1,
        configuration,
        revision: "r".into(),
        state: "Active".into(),
        settled: Settled::Yes,
        last_modified: String::new(),
    }
}

fn mapping() -> Mapping {
    Mapping {
        uuid: "u".into(),
        function_arn: "arn:function:f:live".into(),
        source_arn: "arn:cluster".into(),
        topic: Some("kyc-verified".into()),
        group: Some("group".into()),
        state: "Enabled".into(),
        batch_size: 100,
        window_seconds: 0,
        secret_arn: Some("arn:secret".into()),
        filter: None,
        provisioned: false,
        partial_failures: false,
        last_result: None,
    }
}

/// A function that is as it should be.
fn deployed() -> Observed {
    let wanted = desired().configuration;
    Observed {
        latest: Some(version("$LATEST", "code", &wanted)),
        live: Some(Alias { revision: "r".into(), weighted: false, version: version("3", "code", &wanted) }),
        permissions: BTreeMap::from([("s".to_owned(), "arn:api/*".to_owned())]),
        mapping: Some(mapping()),
    }
}

fn planned(observed: &Observed) -> FunctionPlan {
    plan(&desired(), Some(&artifact("code")), observed).unwrap()
}

#[test]
fn what_is_as_it_should_be_is_not_touched() {
    assert!(planned(&deployed()).is_empty());
    assert!(plan(&desired(), None, &deployed()).unwrap().is_empty());
}

#[test]
fn an_absent_function_is_made_with_everything() {
    let plan = planned(&Observed::default());
    assert!(plan.create && plan.code && plan.publish);
    assert_eq!((plan.permit.len(), plan.source), (1, SourceStep::Create));
}

#[test]
fn each_difference_has_its_step() {
    let changed = |change: &dyn Fn(&mut Observed)| {
        let mut observed = deployed();
        change(&mut observed);
        planned(&observed)
    };
    let code = changed(&|observed| observed.latest.as_mut().unwrap().code_sha256 = "old".into());
    assert!(code.code && !code.publish, "live has the code already, only $LATEST was changed by hand");
    let memory = changed(&|observed| observed.latest.as_mut().unwrap().configuration.memory_mb = 128);
    assert_eq!(memory.configuration, ["memory"]);
    let permission = changed(&|observed| observed.permissions.clear());
    assert_eq!((permission.revoke.len(), permission.permit.len(), permission.publish), (0, 1, false));
    let moved = changed(&|observed| drop(observed.permissions.insert("s".into(), "arn:old/*".into())));
    assert_eq!((moved.revoke.len(), moved.permit.len()), (1, 1));
    let weighted = changed(&|observed| observed.live.as_mut().unwrap().weighted = true);
    assert!(weighted.publish);
    let disabled = changed(&|observed| observed.mapping.as_mut().unwrap().state = "Disabled".into());
    assert_eq!(disabled.source, SourceStep::Update(vec!["state"]));
    let unqualified = changed(&|observed| observed.mapping.as_mut().unwrap().function_arn = "arn:function:f".into());
    assert_eq!(unqualified.source, SourceStep::Update(vec!["function"]));
}

#[test]
fn a_run_that_was_killed_is_gone_on_with() {
    let mut before_publishing = deployed();
    before_publishing.live = None;
    let plan = planned(&before_publishing);
    assert!(plan.publish && !plan.create && !plan.code && plan.configuration.is_empty());
    let mut before_moving = deployed();
    before_moving.live.as_mut().unwrap().version.code_sha256 = "old".into();
    let plan = planned(&before_moving);
    assert!(plan.publish && !plan.code);
}

#[test]
fn foreign_variables_are_no_difference_and_changed_ones_are() {
    let mut observed = deployed();
    for version in [observed.latest.as_mut().unwrap(), &mut observed.live.as_mut().unwrap().version] {
        version.configuration.variables.insert("THEIRS".into(), "x".into());
    }
    assert!(planned(&observed).is_empty());
    observed.latest.as_mut().unwrap().configuration.variables.insert("A".into(), "2".into());
    assert_eq!(planned(&observed).configuration, ["variables"]);
}

#[test]
fn what_a_deployment_cannot_mend_is_refused() {
    let refused =
        |observed: &Observed, artifact: Option<&Artifact>| plan(&desired(), artifact, observed).unwrap_err().code;
    assert_eq!(refused(&Observed::default(), None), &codes::FUNCTION_MISSING);
    let mut unreleased = deployed();
    unreleased.latest.as_mut().unwrap().code_sha256 = "new".into();
    assert_eq!(refused(&unreleased, None), &codes::CODE_NOT_RELEASED);
    let mut group = deployed();
    group.mapping.as_mut().unwrap().group = Some("other".into());
    assert_eq!(refused(&group, Some(&artifact("code"))), &codes::SOURCE_CONFLICT);
    let mut other = deployed();
    other.mapping.as_mut().unwrap().function_arn = "arn:function:g:live".into();
    assert_eq!(refused(&other, Some(&artifact("code"))), &codes::SOURCE_CONFLICT);
}
