//! Takes one function through its plan (`aws-facts.md`, section 3, "Flow"): code, configuration, version, permissions,
//! alias, and only then its event source. Killed anywhere, the next run finds the rest of the plan and goes on.

use aws_sdk_lambda::types::{Architecture, Environment, LoggingConfig, Runtime, VpcConfig};

use super::desired::Configuration;
use super::observe::{self, Observed, Version};
use super::package::Artifact;
use super::plan::{self, FunctionPlan};
use super::upload;
use super::writes::Writer;
use crate::aws::{Hints, SendExt, error_code};
use crate::environment::{MANAGED, Variables, check, merge};
use crate::error::{Failure, codes};

/// Lambda's limit on a version's description.
const DESCRIPTION_LIMIT: usize = 256;

/// What there is before a function is worked on.
#[derive(Clone, Copy, Debug)]
pub struct Work<'a> {
    /// Its code; absent: left as it is.
    pub artifact: Option<&'a Artifact>,
    /// What was there.
    pub observed: &'a Observed,
    /// What is to be done.
    pub plan: &'a FunctionPlan,
    /// What a new version is described as.
    pub description: &'a str,
}

impl Writer<'_> {
    /// Carries out a plan and gives the version that is live afterwards, as Lambda tells it.
    pub async fn carry_out(&self, work: Work<'_>) -> anyhow::Result<String> {
        let Work { observed, plan, .. } = work;
        let mut live = observed.live.as_ref().map(|live| live.version.version.clone());
        if plan.create || plan.code || !plan.configuration.is_empty() || plan.publish {
            let current = self.bring_up_to_date(work).await?;
            let target = self.publish(current, work).await?;
            // An alias has to be there before it can be permitted; one that is there moves last.
            if observed.live.is_none() {
                self.create_alias(&target).await?;
            }
            self.permit(plan).await?;
            if observed.live.is_some() {
                self.move_alias(work, &target).await?;
            }
            live = Some(target);
        } else {
            self.permit(plan).await?;
        }
        self.feed(&plan.source, observed.mapping.as_ref()).await?;
        self.read_back(work, live.as_deref()).await
    }

    /// `$LATEST` with the wanted code and configuration.
    async fn bring_up_to_date(&self, work: Work<'_>) -> anyhow::Result<Version> {
        if work.plan.create {
            self.create(work).await?;
            return self.settled(None).await;
        }
        let mut current = self.settled(None).await?;
        if let (true, Some(artifact)) = (work.plan.code, work.artifact) {
            self.update_code(&mut current, artifact).await?;
            current = self.settled(None).await?;
        }
        if !plan::differing(&self.desired.configuration, &current.configuration).is_empty() {
            self.tell("configuring");
            self.write(&mut current, async |current| self.update_configuration(current).await).await?;
            current = self.settled(None).await?;
        }
        Ok(current)
    }

    pub(super) async fn create(&self, work: Work<'_>) -> anyhow::Result<()> {
        self.tell("creating");
        let Some(artifact) = work.artifact else {
            return Err(Failure::new(
                &codes::FUNCTION_MISSING,
                format!("{} has no code to be made from", self.desired.name),
            )
            .into());
        };
        let code = upload::code(self.context, &self.desired.instance.key, artifact).await?;
        let wanted = &self.desired.configuration;
        let variables = merge(&wanted.variables, &Variables::new());
        let create = async || {
            let request = self.client.create_function().function_name(&self.desired.name);
            request
                .code(code.clone().function_code())
                .role(&wanted.role)
                .runtime(Runtime::from(wanted.runtime.as_str()))
                .handler(&wanted.handler)
                .memory_size(wanted.memory_mb)
                .timeout(wanted.timeout_seconds)
                .architectures(Architecture::from(artifact.architecture.as_str()))
                .set_vpc_config((!wanted.subnets.is_empty()).then(|| network(wanted)))
                .logging_config(logging(wanted))
                .environment(environment(&variables))
                .customize()
                .interceptor(self.hints(Some(artifact)))
                .send()
                .await
                .called("lambda:CreateFunction")
        };
        match self.call(create).await {
            // Another run, or one that was killed, made it: the steps that follow bring it up to date.
            Err(error) if error_code(&error) == Some("ResourceConflictException") => {
                let mut current = self.settled(None).await?;
                self.update_code(&mut current, artifact).await?;
                current = self.settled(None).await?;
                self.write(&mut current, async |current| self.update_configuration(current).await).await
            }
            other => other.map(|_| ()),
        }
    }

    /// What `--explain-aws` cannot read from the call.
    fn hints(&self, artifact: Option<&Artifact>) -> Hints {
        let managed = MANAGED.to_owned();
        let hints = Hints::new()
            .known_variables(self.desired.configuration.variables.keys())
            .known_variables(std::iter::once(&managed));
        match artifact {
            Some(artifact) => hints.file("ZipFile", artifact.path.to_string_lossy()),
            None => hints,
        }
    }

    pub(super) async fn update_code(&self, current: &mut Version, artifact: &Artifact) -> anyhow::Result<()> {
        self.tell("uploading");
        let code = upload::code(self.context, &self.desired.instance.key, artifact).await?;
        self.write(current, async |current| {
            let request =
                self.client.update_function_code().function_name(&self.desired.name).revision_id(&current.revision);
            let request = request.architectures(Architecture::from(artifact.architecture.as_str())).publish(false);
            let request = match code.clone() {
                upload::Code::Zip(blob) => request.zip_file(blob),
                upload::Code::Object { bucket, key } => request.s3_bucket(bucket).s3_key(key),
            };
            let request = request.customize().interceptor(self.hints(Some(artifact)));
            request.send().await.called("lambda:UpdateFunctionCode").map(|_| ())
        })
        .await
    }

    /// The whole configuration in one call. Variables are merged with what is there now, because the map is replaced.
    pub(super) async fn update_configuration(&self, current: &Version) -> anyhow::Result<()> {
        let wanted = &self.desired.configuration;
        let variables = merge(&wanted.variables, &current.configuration.variables);
        check(&self.desired.name, &variables)?;
        let differs = |field| plan::differing(wanted, &current.configuration).contains(&field);
        let request = self
            .client
            .update_function_configuration()
            .function_name(&self.desired.name)
            .revision_id(&current.revision);
        request
            .role(&wanted.role)
            .runtime(Runtime::from(wanted.runtime.as_str()))
            .handler(&wanted.handler)
            .memory_size(wanted.memory_mb)
            .timeout(wanted.timeout_seconds)
            // An empty network takes the function out of the one it is in.
            .set_vpc_config(differs("network").then(|| network(wanted)))
            .set_logging_config(differs("logging").then(|| logging(wanted)))
            .environment(environment(&variables))
            .customize()
            .interceptor(self.hints(None))
            .send()
            .await
            .called("lambda:UpdateFunctionConfiguration")
            .map(|_| ())
    }

    /// Publishes `$LATEST` and waits for the version. Lambda answers with the last version when nothing has changed since.
    async fn publish(&self, mut current: Version, work: Work<'_>) -> anyhow::Result<String> {
        self.tell("publishing");
        let version = self
            .write(&mut current, async |current| {
                self.expect_wanted(current, work)?;
                self.publish_version(work.description, &current.code_sha256, Some(&current.revision)).await
            })
            .await?;
        Ok(self.settled(Some(&version)).await?.version)
    }

    pub(super) async fn publish_version(
        &self,
        description: &str,
        code_sha256: &str,
        revision: Option<&str>,
    ) -> anyhow::Result<String> {
        let description: String = description.chars().take(DESCRIPTION_LIMIT).collect();
        let request = self.client.publish_version().function_name(&self.desired.name).description(description);
        let request = request.code_sha256(code_sha256).set_revision_id(revision.map(Into::into));
        Ok(request.send().await.called("lambda:PublishVersion")?.version.unwrap_or_default())
    }

    /// A version is published only of what was planned: somebody else's change in between must not go live with it.
    fn expect_wanted(&self, current: &Version, work: Work<'_>) -> anyhow::Result<()> {
        let code = match (work.artifact, &work.observed.live) {
            (Some(artifact), _) => plan::is_code_of(artifact, current),
            (None, Some(live)) => live.version.code_sha256 == current.code_sha256,
            (None, None) => true,
        };
        if code && plan::differing(&self.desired.configuration, &current.configuration).is_empty() {
            return Ok(());
        }
        Err(Failure::new(
            &codes::FUNCTION_BUSY,
            format!("{} was changed by somebody else during the run", self.desired.name),
        )
        .why("$LATEST is no longer what was planned, so it was not published")
        .fix("onboardctl lambdas deploy")
        .retryable()
        .into())
    }

    pub(super) async fn create_alias(&self, version: &str) -> anyhow::Result<()> {
        self.tell("making the alias");
        let alias = self.context.settings.environment.alias();
        self.context.before_change().await?;
        let request =
            self.client.create_alias().function_name(&self.desired.name).name(alias).function_version(version);
        request.send().await.called("lambda:CreateAlias").map(|_| ())
    }

    pub(super) async fn move_alias(&self, work: Work<'_>, version: &str) -> anyhow::Result<()> {
        self.tell("moving the alias");
        let alias = self.context.settings.environment.alias();
        let name = &self.desired.name;
        let found = self.client.get_alias().function_name(name).name(alias).send().await.called("lambda:GetAlias")?;
        let before = work.observed.live.as_ref();
        if found.function_version() != before.map(|live| live.version.version.as_str()) {
            return Err(Failure::new(
                &codes::FUNCTION_BUSY,
                format!("alias {alias} of {name} was moved by somebody else during the run"),
            )
            .why(format!("it names version {}", found.function_version().unwrap_or_default()))
            .fix("onboardctl lambdas deploy")
            .retryable()
            .into());
        }
        let request = self
            .client
            .update_alias()
            .function_name(name)
            .name(alias)
            .function_version(version)
            .set_revision_id(found.revision_id);
        self.context.before_change().await?;
        // An empty map ends a split of the traffic; only sent where there is one.
        let split = before.is_some_and(|live| live.weighted);
        let whole = || {
            aws_sdk_lambda::types::AliasRoutingConfiguration::builder()
                .set_additional_version_weights(Some([].into()))
                .build()
        };
        request.set_routing_config(split.then(whole)).send().await.called("lambda:UpdateAlias").map(|_| ())
    }

    /// What the alias serves now: the wanted version with the wanted code and configuration.
    async fn read_back(&self, work: Work<'_>, expected: Option<&str>) -> anyhow::Result<String> {
        let alias = self.context.settings.environment.alias();
        let name = &self.desired.name;
        let found = self.client.get_alias().function_name(name).name(alias).send().await.called("lambda:GetAlias")?;
        let version = found.function_version.unwrap_or_default();
        let served = observe::version(self.context, name, Some(&version)).await?;
        let good = served.as_ref().is_some_and(|served| {
            work.artifact.is_none_or(|artifact| plan::is_code_of(artifact, served))
                && plan::differing(&self.desired.configuration, &served.configuration).is_empty()
        });
        if good && Some(version.as_str()) == expected {
            return Ok(version);
        }
        Err(Failure::new(&codes::FUNCTION_FAILED, format!("alias {alias} of {name} does not serve what was deployed"))
            .why(format!("it names version {version}, expected was {}", expected.unwrap_or("one")))
            .fix("onboardctl lambdas plan")
            .into())
    }
}

fn network(wanted: &Configuration) -> VpcConfig {
    VpcConfig::builder()
        .set_subnet_ids(Some(wanted.subnets.iter().cloned().collect()))
        .set_security_group_ids(Some(wanted.security_groups.iter().cloned().collect()))
        .build()
}

fn logging(wanted: &Configuration) -> LoggingConfig {
    LoggingConfig::builder().log_group(&wanted.log_group).build()
}

fn environment(variables: &Variables) -> Environment {
    Environment::builder().set_variables(Some(variables.clone().into_iter().collect())).build()
}
