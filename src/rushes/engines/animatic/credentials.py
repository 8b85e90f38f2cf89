"""Content credentials (C2PA): a signed note inside the MP4 of what made it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from rushes.kit.private import private_file, private_folder

_c2pa: Final[Any] = import_module("c2pa")  # it comes without types

_SOURCES: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_ORGANISATION: Final = "Self-hosted rushes"
_CA_DAYS: Final = 3650
_LEAF_DAYS: Final = 3650

# Certificates count from a fixed day, so that a machine whose clock is off can still sign.
_EPOCH: Final = datetime(2026, 1, 1, tzinfo=UTC)


class Credentials:
    """
    Signs with a certificate of this server's own authority, made when there is none.

    A reader that was given ``authority.pem`` of the folder as a trust anchor calls the video
    trusted; any other calls it valid, by an authority it does not know.
    """

    def __init__(self, folder: Path) -> None:
        """Read the certificates of the folder, or make them."""
        self.authority = folder / "authority.pem"
        self._chain_file, self._key_file = folder / "chain.pem", folder / "signer.key"
        if not (self._chain_file.exists() and self._key_file.exists()):
            self._make(folder)
        self._chain = self._chain_file.read_text()
        key = serialization.load_pem_private_key(self._key_file.read_bytes(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError(f"{self._key_file} must hold an elliptic curve key")
        self._key = key

    def sign(self, video: Path, prompt: str, from_pictures: bool) -> None:
        """Sign the MP4 in place; whatever is done to it later makes the signature invalid."""
        signed = video.with_suffix(".signed.mp4")
        signed.unlink(missing_ok=True)
        manifest = json.dumps(_manifest(prompt, from_pictures=from_pictures))
        signer = _c2pa.Signer.from_callback(
            _raw_signature_with(self._key), _c2pa.C2paSigningAlg.ES256, self._chain, None
        )
        _c2pa.Builder(manifest).sign_file(str(video), str(signed), signer)
        signed.replace(video)

    def _make(self, folder: Path) -> None:
        """Make an authority and a signer; readers refuse a certificate that signed itself."""
        private_folder(folder)
        authority_key = ec.generate_private_key(ec.SECP256R1())
        authority = _authority(authority_key)
        key = ec.generate_private_key(ec.SECP256R1())
        leaf = _leaf(key, authority, authority_key)
        private_file(self._key_file).write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        private_file(self.authority).write_text(_pem(authority))
        private_file(self._chain_file).write_text(_pem(leaf) + _pem(authority))


def _manifest(prompt: str, *, from_pictures: bool) -> dict[str, object]:
    source = "algorithmicallyEnhanced" if from_pictures else "algorithmicMedia"
    action = {
        "action": "c2pa.created",
        "digitalSourceType": _SOURCES + source,
        "softwareAgent": {"name": "rushes animatic (procedural, not a neural model)"},
        "parameters": {"prompt_sha256": sha256(prompt.encode()).hexdigest()},
    }
    return {
        "claim_generator_info": [{"name": "rushes animatic"}],
        "title": "generation.mp4",
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [action]}}],
    }


def _raw_signature_with(key: ec.EllipticCurvePrivateKey) -> Callable[[bytes], bytes]:
    """Return what signs bytes the way COSE wants it: r and s, 32 bytes each (RFC 9053, 2.1)."""

    def sign(data: bytes) -> bytes:
        r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    return sign


def _authority(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = _name("rushes local authority")
    return (
        _builder(name, name, key.public_key(), days=_CA_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(authority=True), critical=True)
        .sign(key, hashes.SHA256())
    )


def _leaf(
    key: ec.EllipticCurvePrivateKey,
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
) -> x509.Certificate:
    """Return the signer's certificate, with the usages that the C2PA specification asks for."""
    issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    email = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
    return (
        _builder(
            _name("rushes animatic signer"), authority.subject, key.public_key(), days=_LEAF_DAYS
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(authority=False), critical=True)
        .add_extension(email, critical=False)
        .add_extension(issuer_key, critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, *, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_EPOCH)
        .not_valid_after(_EPOCH + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _key_usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()
