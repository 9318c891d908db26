//! The way to ministack: a pool of connections, requests passed on as they are, and calls signed with the root key.

use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use anyhow::Context as _;
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{PercentEncodingMode, SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use http::header::{HOST, HeaderMap, HeaderName, HeaderValue};
use http::uri::PathAndQuery;
use http::{Method, Request, Response, StatusCode, Uri};
use http_body_util::BodyExt;
use hyper::body::Bytes;
use hyper::body::Incoming;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::net::TcpStream;

use super::answer::{Body, full};

/// How long making a connection may take.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// Connections to ministack and the key to sign with.
pub struct Upstream {
    address: SocketAddr,
    region: String,
    credentials: Credentials,
    client: Client<HttpConnector, Body>,
}

/// A buffered answer.
pub struct Answer {
    /// HTTP status.
    pub status: StatusCode,
    /// HTTP headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

impl Answer {
    /// The body as JSON; `null` where it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The service's error code, without its shape's namespace.
    pub fn error_code(&self) -> Option<String> {
        let header = self.headers.get("x-amzn-errortype").and_then(|value| value.to_str().ok()).map(str::to_owned);
        let code = header.or_else(|| self.json()["__type"].as_str().map(str::to_owned))?;
        Some(code.rsplit('#').next().unwrap_or(&code).split(':').next().unwrap_or(&code).to_owned())
    }
}

impl Upstream {
    /// A pool that connects to `address` when it is first needed.
    pub fn new(address: SocketAddr, region: String, credentials: Credentials) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(CONNECT_LIMIT));
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            // ministack closes connections that were idle for 75 s (serving.py): never send on one that is about to go.
            .pool_idle_timeout(Duration::from_mins(1))
            .http1_preserve_header_case(true)
            .set_host(false)
            .build(connector);
        Self { address, region, credentials, client }
    }

    /// The account's root credentials.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Sends a request on; only its destination is set here, path and query stay byte for byte.
    pub async fn send(&self, mut request: Request<Body>) -> Result<Response<Incoming>, Error> {
        let path = request.uri().path_and_query().map_or("/", PathAndQuery::as_str);
        if let Ok(uri) = format!("http://{}{path}", self.address).parse::<Uri>() {
            *request.uri_mut() = uri;
        }
        self.name_host(&mut request);
        self.client.request(request).await
    }

    /// Sends an upgrade on, over a connection of its own. uvicorn closes the connection of an upgrade that the
    /// application refuses without having said so in the answer (`send` in its `wsproto_impl.py`): back in the
    /// pool, it would break under the next request.
    pub async fn upgrade(&self, mut request: Request<Body>) -> anyhow::Result<Response<Incoming>> {
        let path = request.uri().path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
        *request.uri_mut() = Uri::from(path);
        self.name_host(&mut request);
        let stream = tokio::time::timeout(CONNECT_LIMIT, TcpStream::connect(self.address)).await??;
        stream.set_nodelay(true)?;
        let builder = hyper::client::conn::http1::Builder::new().preserve_header_case(true).clone();
        let (mut sender, connection) = builder.handshake(TokioIo::new(stream)).await?;
        // Ends with the answer's body, or lives on in what the upgrade became.
        tokio::spawn(connection.with_upgrades());
        Ok(sender.send_request(request).await?)
    }

    fn name_host(&self, request: &mut Request<Body>) {
        if !request.headers().contains_key(HOST)
            && let Ok(host) = HeaderValue::from_str(&self.address.to_string())
        {
            request.headers_mut().insert(HOST, host);
        }
    }

    /// Calls a service with the root key. `path` holds the query too.
    pub async fn call(
        &self,
        service: &str,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> anyhow::Result<Answer> {
        let response = self.open(service, method, path, headers, body).await?;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.context("the answer of the AWS APIs broke off")?.to_bytes();
        Ok(Answer { status: parts.status, headers: parts.headers, body })
    }

    /// Like [`Upstream::call`], with the answer's body still to be read.
    pub async fn open(
        &self,
        service: &str,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> anyhow::Result<Response<Incoming>> {
        let uri = format!("http://{}{path}", self.address);
        let mut request = Request::builder().method(method).uri(&uri).body(()).context("not a request")?;
        request.headers_mut().insert(HOST, HeaderValue::from_str(&self.address.to_string())?);
        for (name, value) in headers {
            request.headers_mut().insert(HeaderName::from_bytes(name.as_bytes())?, HeaderValue::from_str(value)?);
        }
        self.sign(service, &mut request, &uri, &body)?;
        let request = request.map(|()| full(body));
        self.client.request(request).await.context("the AWS APIs do not answer")
    }

    fn sign(&self, service: &str, request: &mut Request<()>, uri: &str, body: &Bytes) -> anyhow::Result<()> {
        let mut settings = SigningSettings::default();
        if service == "s3" {
            settings.percent_encoding_mode = PercentEncodingMode::Single;
            settings.payload_checksum_kind = aws_sigv4::http_request::PayloadChecksumKind::XAmzSha256;
        }
        let identity = self.credentials.clone().into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(service)
            .time(SystemTime::now())
            .settings(settings)
            .build()?
            .into();
        let headers: Vec<(&str, &str)> =
            request.headers().iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?))).collect();
        let signable =
            SignableRequest::new(request.method().as_str(), uri, headers.into_iter(), SignableBody::Bytes(body))?;
        let (instructions, _) = sign(signable, &parameters)?.into_parts();
        instructions.apply_to_request_http1x(request);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    const REFUSAL: &str = "HTTP/1.1 401 Unauthorized\r\ntransfer-encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n";

    /// Refuses like uvicorn: the answer says nothing of the end of the connection, which follows at once.
    async fn refuse(listener: TcpListener) {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(REFUSAL.as_bytes()).await;
                tokio::time::sleep(Duration::from_millis(2)).await;
            });
        }
    }

    #[tokio::test]
    async fn a_refused_upgrade_breaks_nothing_that_follows() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(refuse(listener));
        let upstream = Upstream::new(address, "r".into(), Credentials::new("key", "secret", None, None, "test"));
        for round in 0..20 {
            let request = Request::builder().uri("/ws").header("upgrade", "websocket").body(full("")).unwrap();
            let answer = upstream.upgrade(request).await.unwrap_or_else(|error| panic!("round {round}: {error:#}"));
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
            assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), "no");
        }
        server.abort();
    }
}
