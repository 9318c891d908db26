//! A certificate authority and a broker certificate of this platform, as PEM files that Kafka and its clients read.

use anyhow::Context as _;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};

use super::files;
use super::layout::Layout;

/// File below the broker's folder with its key and certificate.
pub const KEY_STORE: &str = "broker.pem";

/// Makes both unless they are there. The authority's key is not kept: it signs this one certificate.
pub fn ensure(layout: &Layout) -> anyhow::Result<()> {
    let (authority_file, store) = (layout.certificate_authority(), layout.kafka().join(KEY_STORE));
    if authority_file.is_file() && store.is_file() {
        return Ok(());
    }
    let (authority, broker) = make().context("the broker's certificate cannot be made")?;
    files::write_private(&store, broker.as_bytes())?;
    files::write_private(&authority_file, authority.as_bytes())
}

/// The authority's certificate, and the broker's key with its chain.
fn make() -> Result<(String, String), rcgen::Error> {
    let authority_key = KeyPair::generate()?;
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    authority.distinguished_name.push(DnType::CommonName, "onboardctl local platform");
    let authority_certificate = authority.self_signed(&authority_key)?;

    let broker_key = KeyPair::generate()?;
    let mut broker = CertificateParams::new(["127.0.0.1".to_owned(), "localhost".to_owned()])?;
    broker.distinguished_name.push(DnType::CommonName, "localhost");
    broker.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    broker.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    broker.use_authority_key_identifier_extension = true;
    let broker_certificate = broker.signed_by(&broker_key, &Issuer::new(authority, authority_key))?;
    let store = [broker_key.serialize_pem(), broker_certificate.pem(), authority_certificate.pem()].concat();
    Ok((authority_certificate.pem(), store))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_once() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::of(folder.path());
        layout.create().unwrap();
        ensure(&layout).unwrap();
        let first = std::fs::read_to_string(layout.certificate_authority()).unwrap();
        ensure(&layout).unwrap();
        assert_eq!(first, std::fs::read_to_string(layout.certificate_authority()).unwrap());
        let store = std::fs::read_to_string(layout.kafka().join(KEY_STORE)).unwrap();
        assert!(store.starts_with("-----BEGIN PRIVATE KEY-----"));
        assert_eq!(store.matches("BEGIN CERTIFICATE").count(), 2);
    }
}
