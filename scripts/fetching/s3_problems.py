"""Words what goes wrong between here and S3, with what to do about it.

Nothing that AWS says is repeated but its code: its messages may name keys and signatures.
"""

import errno
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import urllib3
from botocore import exceptions as aws
from pipeline.errors import PipelineError, one_line


class FetchError(PipelineError):
    """Something that could not be listed or fetched."""


class GeneralFetchError(FetchError):
    """What would keep every other file from coming, too."""


class DroppedError(FetchError):
    """An answer that ended before its end; the rest may be asked for again."""


@dataclass(frozen=True)
class Place:
    """What was asked for, as it is named to people."""

    bucket: str
    prefix: str
    key: str | None = None
    """The file; None where folders were listed."""
    endpoint: str | None = None
    region: str | None = None

    def __str__(self) -> str:
        """Name the file, or the folder that was listed."""
        return f"s3://{self.bucket}/{self.key or self.prefix}"

    @property
    def host(self) -> str:
        """Name the server, without what else its address may hold."""
        return (urlsplit(self.endpoint).hostname if self.endpoint else None) or "S3"


class Wording(NamedTuple):
    """What is said of a kind of problem; {code}, {place} and the like are filled in."""

    raised: type[FetchError]
    text: str


KEYS_ADVICE = (
    "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN where"
    " there is one), or OPTIMIZELY_API_TOKEN for keys from Optimizely."
)
EXPIRED = Wording(
    GeneralFetchError,
    f"The AWS keys have expired. Sign in anew or get new ones, and run this again. {KEYS_ADVICE}",
)
KEYS = Wording(
    GeneralFetchError, f"S3 doesn't accept the AWS keys ({{code}} for {{place}}). {KEYS_ADVICE}"
)
DENIED = Wording(
    GeneralFetchError,
    "Access denied ({code} for {place}). The AWS keys need {permission} there; check --account,"
    " --bucket and --prefix, and whose keys they are (aws sts get-caller-identity).",
)
KMS = Wording(
    GeneralFetchError,
    "{place} is encrypted by a key of AWS KMS that may not be used ({code}). Have the key's owner"
    " allow kms:Decrypt to whom the AWS keys are of, or use the keys of somebody who may.",
)
CLOCK = Wording(
    GeneralFetchError, "This machine's clock is wrong, S3 says ({code} for {place}). Set it."
)
ANOTHER_REGION = "the one that it is in"
REGION = Wording(
    GeneralFetchError,
    "The bucket {bucket} is not in the region {region} ({code}). Set AWS_REGION to {right_region}.",
)
NO_BUCKET = Wording(
    GeneralFetchError, "There is no bucket {bucket} ({code}). Check --bucket, and AWS_REGION."
)
CHANGED = Wording(
    FetchError, "{place} was replaced or removed while it was fetched. Run this again."
)
ARCHIVED = Wording(FetchError, "{place} is in an archive of S3. Restore it, and run this again.")
OTHER_ANSWER = Wording(
    FetchError,
    "S3 answers {code} for {place}, also when it is asked again. Run this again later.",
)

OF_CODES = {
    EXPIRED: ("ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"),
    KEYS: ("InvalidAccessKeyId", "InvalidToken", "SignatureDoesNotMatch", "AuthFailure"),
    DENIED: ("AccessDenied", "AllAccessDisabled", "AccountProblem", "Forbidden", "403"),
    CLOCK: ("RequestTimeTooSkewed", "RequestExpired"),
    REGION: (
        *("PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed", "301", "307"),
        *("IllegalLocationConstraintException", "InvalidLocationConstraint", "IncorrectEndpoint"),
    ),
    NO_BUCKET: ("NoSuchBucket", "InvalidBucketName"),
    CHANGED: ("NoSuchKey", "PreconditionFailed", "404", "412"),
    ARCHIVED: ("InvalidObjectState",),
}
WORDINGS = {code: wording for wording, codes in OF_CODES.items() for code in codes}

OF_ERRORS: tuple[tuple[tuple[type[Exception], ...], Wording], ...] = (
    (
        (aws.ReadTimeoutError,),
        Wording(DroppedError, "{host} took too long to answer for {place}. Run this again."),
    ),
    (
        (
            *(aws.ResponseStreamingError, aws.IncompleteReadError, aws.ConnectionClosedError),
            urllib3.exceptions.HTTPError,
        ),
        Wording(DroppedError, "The connection to {host} broke off at {place}. Run this again."),
    ),
    (
        (aws.FlexibleChecksumError,),
        Wording(DroppedError, "{place} arrived damaged (another checksum). Run this again."),
    ),
    (
        (aws.SSLError,),
        Wording(
            GeneralFetchError,
            "No secure connection to {host}: its certificate isn't trusted here. Where a proxy of"
            " your own stands between, set AWS_CA_BUNDLE to its certificates.",
        ),
    ),
    (
        (aws.ConnectTimeoutError,),
        Wording(
            GeneralFetchError,
            "{host} can't be reached in time. Check the network, HTTPS_PROXY and"
            " AWS_ENDPOINT_URL_S3 where they are set, and run this again.",
        ),
    ),
    (
        (aws.HTTPClientError, aws.ConnectionError),
        Wording(
            GeneralFetchError,
            "{host} can't be reached. Check the network, HTTPS_PROXY and AWS_ENDPOINT_URL_S3 where"
            " they are set, and run this again.",
        ),
    ),
    (
        (aws.PartialCredentialsError,),
        Wording(GeneralFetchError, f"The AWS keys are incomplete. {KEYS_ADVICE}"),
    ),
    (
        (aws.NoCredentialsError,),
        Wording(GeneralFetchError, f"There are no AWS keys. {KEYS_ADVICE}"),
    ),
    (
        (aws.ProfileNotFound,),
        Wording(GeneralFetchError, "AWS_PROFILE names a profile that isn't there. Correct it."),
    ),
    (
        (aws.SSOError, aws.TokenRetrievalError, aws.LoginError),
        Wording(GeneralFetchError, "The AWS sign-in has ended. Run aws sso login, and this again."),
    ),
    (
        (aws.CredentialRetrievalError, aws.MetadataRetrievalError),
        Wording(GeneralFetchError, f"The AWS profile gives no keys. {KEYS_ADVICE}"),
    ),
    # botocore follows a redirection that names no region for ever.
    ((RecursionError,), REGION),
    (
        (aws.BotoCoreError, RuntimeError, ValueError),
        Wording(
            GeneralFetchError,
            "The settings of AWS can't be used ({code}). Check ~/.aws/config, --bucket and the"
            " variables whose names begin with AWS_.",
        ),
    ),
)
UNDERSTOOD = (aws.ClientError, *(kind for kinds, _ in OF_ERRORS for kind in kinds))
"""What is raised by boto3, and by what it is made of."""


def in_words(error: Exception, place: Place) -> FetchError:
    """Word an error of boto3."""
    if isinstance(error, aws.ClientError):
        return _of_answer(error, place)
    wording = next(wording for kinds, wording in OF_ERRORS if isinstance(error, kinds))
    if isinstance(error, RuntimeError) and "expired" in str(error):
        # So botocore says that keys were renewed, and have expired nevertheless.
        wording = EXPIRED
    return _worded(wording, place, type(error).__name__, ANOTHER_REGION)


def _of_answer(error: aws.ClientError, place: Place) -> FetchError:
    answer: Any = error.response
    about, http = answer.get("Error", {}), answer.get("ResponseMetadata", {})
    code = one_line(str(about.get("Code") or http.get("HTTPStatusCode", "an error")))
    wording = WORDINGS.get(code, OTHER_ANSWER)
    is_denied_by_kms = wording is DENIED and "kms" in str(about.get("Message", "")).lower()
    if is_denied_by_kms or code.upper().startswith("KMS"):
        wording = KMS
    region = http.get("HTTPHeaders", {}).get("x-amz-bucket-region") or about.get("Region")
    return _worded(wording, place, code, one_line(str(region or ANOTHER_REGION)))


def _worded(wording: Wording, place: Place, code: str, right_region: str) -> FetchError:
    text = wording.text.format(
        place=place,
        code=code,
        host=place.host,
        bucket=place.bucket,
        region=place.region,
        right_region=right_region,
        permission="s3:GetObject" if place.key else "s3:ListBucket",
    )
    return wording.raised(text)


def of_disk(error: OSError, path: object) -> FetchError:
    """Word an error of the disk."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return GeneralFetchError(
            f"The disk is full: {path} could not be written. Make room, and run this again; what"
            " came whole stays."
        )
    if error.errno == errno.ENAMETOOLONG:
        return FetchError(f"The disk takes no name as long as that of {path}. Use another disk.")
    return GeneralFetchError(f"Can't write {path}: {error.strerror}. Choose another --output.")
