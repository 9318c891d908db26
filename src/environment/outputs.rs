//! The stacks' outputs, as one map: their keys are distinct across stacks (`config validate`).

use std::collections::BTreeMap;

use futures::future::try_join_all;

use crate::aws::{SendExt, error_code, error_message};
use crate::catalogue::Environment;
use crate::context::Context;
use crate::error::{Failure, codes};

/// Outputs of every stack of the environment that exists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outputs(BTreeMap<String, String>);

impl Outputs {
    /// Reads the outputs of every stack that exists.
    pub async fn read(context: &Context) -> anyhow::Result<Self> {
        let settings = &context.settings;
        let names = settings.catalogue.stacks.keys().map(|key| settings.environment.stack(key));
        let stacks = try_join_all(names.map(|name| outputs_of(context, name))).await?;
        Ok(Self(stacks.into_iter().flatten().collect()))
    }

    /// An output's value.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// An output's value, or the failure that says which command makes it.
    pub fn require(&self, key: &str, environment: &Environment) -> Result<&str, Failure> {
        self.get(key).ok_or_else(|| {
            Failure::new(
                &codes::OUTPUT_MISSING,
                format!("no stack of environment {} has the output {key}", environment.name),
            )
            .why(if self.0.is_empty() {
                "the stacks do not exist yet"
            } else {
                "the deployed template is older than the catalogue"
            })
            .fix(format!("onboardctl stack up --env {}", environment.name))
        })
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Outputs {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}

async fn outputs_of(context: &Context, name: String) -> anyhow::Result<Vec<(String, String)>> {
    let client = context.aws.cloudformation().await?;
    let answer = match client.describe_stacks().stack_name(&name).send().await.called("cloudformation:DescribeStacks") {
        Ok(answer) => answer,
        Err(error) if is_missing(&error) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let outputs = answer.stacks.unwrap_or_default().into_iter().flat_map(|stack| stack.outputs.unwrap_or_default());
    Ok(outputs.filter_map(|output| Some((output.output_key?, output.output_value?))).collect())
}

/// A missing stack is a `ValidationError`, told apart only by its message (`aws-facts.md`, section 4).
fn is_missing(error: &anyhow::Error) -> bool {
    error_code(error) == Some("ValidationError")
        && error_message(error).is_some_and(|text| text.contains("does not exist"))
}
