"""What DuckDB can reach while dbt runs: a plugin of dbt-duckdb, named in profiles.yml.

That is the project's folder and the input that the environment names, and nothing else: whatever
path stands in a var, a macro or SQL. It can't be changed while dbt runs, and no extension is
fetched.

Where input lies on s3://, DuckDB is made to read it. The credentials are those that every program
of AWS finds. They go from there into DuckDB's memory, through no profile, variable or statement
that dbt would log. Where nothing lies on S3, nothing of this is loaded.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.flags import get_flags

INPUTS = ("OPTIMIZELY_DATA_DIR", "EXPOSURES", "EVENTS", "CALL_DATA_PATH")
"""The environment variables that name input."""
FOLDERS = ("OPTIMIZELY_DATA_DIR",)
"""Those of them that name a folder, whose name is no pattern."""
DEFAULTS = {"OPTIMIZELY_DATA_DIR": "data/sample"}
PACKAGES = "dbt_packages"
"""Where dbt keeps packages, of which it makes links where they are folders of this machine."""
LOG_ENDINGS = (".wal", ".wal.checkpoint", ".wal.recovery")
CONFINEMENT = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "enable_external_access": "false",
    "lock_configuration": "true",
}
"""In this order: after the last nothing can be set."""
MEMORY_VARIABLE = "DUCKDB_MEMORY_LIMIT"
MEMORY_SIZE = re.compile(r"\d+(\.\d+)?\s*[KMGT]i?B", re.IGNORECASE)
SHARE_OF_DEFAULT = 0.75
"""Of DuckDB's own limit, which is 80 % of the memory of the machine or, where it is in a container,
of that. Python and dbt need some, too, and DuckDB may exceed its limit for a moment."""
S3 = "s3://"
WILDCARD = re.compile(r"[*?\[]")
SECONDS_TO_CONNECT = 5
SECONDS_TO_READ = 20
ATTEMPTS = 2
REASONS = {
    "NoSuchBucket": "there is no such bucket",
    "InvalidBucketName": "that is no name of a bucket",
    "404": "there is no such file",
    "NoSuchKey": "there is no such file",
    "403": "access is denied",
    "AccessDenied": "access is denied",
    "AllAccessDisabled": "access is denied",
    "InvalidAccessKeyId": "the access key is not known",
    "SignatureDoesNotMatch": "the secret key is not that of the access key",
    "InvalidToken": "the session token is not valid",
    "ExpiredToken": "the credentials have expired",
    "ExpiredTokenException": "the credentials have expired",
    "RequestTimeTooSkewed": "this machine's clock is wrong",
    "SlowDown": "too much is asked of it now",
}
"""What the codes of S3's answers say; any other is told as it is."""


class Plugin(BasePlugin):
    """Sets up each database that dbt opens."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Take over the profile's settings.

        dbt sets them anew for each of its cursors, which a locked configuration doesn't allow.
        """
        self._settings = dict(plugin_config)
        if self.creds is not None and self.creds.settings is not None:
            self.creds.settings.clear()

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Open the buckets in which input lies, and close all that is no business of a build."""
        locked = conn.execute("select current_setting('lock_configuration')").fetchone()
        if locked == (True,):
            # Another run of this process has the file open still, and has done all this.
            return
        for name, value in self._settings.items():
            if name == "memory_limit":
                limit_memory(conn, str(value))
            else:
                conn.execute(f"set global {name} = {_literal(value)}")
        if places := list(s3_places(os.environ)):
            open_s3(conn, places)
        attached = [each.path for each in (self.creds and self.creds.attach) or []]
        project = Path(getattr(get_flags(), "PROJECT_DIR", None) or ".")
        confine(conn, reachable(os.environ, project, attached))


def limit_memory(connection: duckdb.DuckDBPyConnection, given: str) -> None:
    """Limit the memory of a database: what is beyond it goes to the disk, and the build goes on.

    given: the limit; empty for a share of what there is, so that nothing kills the build.
    """
    limit = given or _share_of_memory(connection)
    problem = (
        f"DuckDB can't work within {MEMORY_VARIABLE}={limit}. Set it to a size such as 4GB, or"
        " unset it for 60 % of the memory."
    )
    if not MEMORY_SIZE.fullmatch(limit):
        raise RuntimeError(problem)
    try:
        connection.execute(f"set global memory_limit = {_literal(limit)}")
    except duckdb.Error:
        raise RuntimeError(problem) from None


def _share_of_memory(connection: duckdb.DuckDBPyConnection) -> str:
    """Give the limit where none is set: DuckDB knows the memory, also that of a container."""
    (default,) = connection.execute("select current_setting('memory_limit')").fetchall()[0]
    size, unit = default.split()
    return f"{float(size) * SHARE_OF_DEFAULT:.3f} {unit}"


@dataclass(frozen=True)
class Reachable:
    """What SQL may read and write."""

    folders: tuple[str, ...]
    """With all that is in them."""
    files: tuple[str, ...]


def reachable(
    environment: Mapping[str, str], project: Path = Path(), attached: Iterable[str] = ()
) -> Reachable:
    """Give what a run of dbt may reach.

    The file that dbt builds, its log and what memory can't hold are DuckDB's own, and always open.
    project: its folder; attached: the DuckDB files that are read beside it.
    """
    folders = [project, *(project / PACKAGES).glob("*")]
    files = [Path(f"{path}{ending}") for path in attached for ending in ("", *LOG_ENDINGS)]
    places = list(s3_places(environment))
    for variable in INPUTS:
        value = environment.get(variable) or DEFAULTS.get(variable, "")
        if value.startswith(S3):
            continue
        if variable in FOLDERS:
            folders.append(Path(value))
        elif found := WILDCARD.search(value):
            folders.append(Path(value[: found.start()] + "x").parent)
        elif value:
            files.append(Path(value))
    # DuckDB follows links before it compares.
    return Reachable(
        (
            *(f"{path}/" for each in folders for path in _ways(each)),
            *(f"{S3}{place.bucket}/{place.folder}" for place in places if not place.is_file),
        ),
        (
            *(path for each in files for path in _ways(each)),
            *(place.url for place in places if place.is_file),
        ),
    )


def confine(connection: duckdb.DuckDBPyConnection, reach: Reachable) -> None:
    """Keep a database to files that it may reach, until it is closed: nothing takes this back."""
    for name, paths in (("allowed_directories", reach.folders), ("allowed_paths", reach.files)):
        listed = ", ".join(map(_literal, paths))
        connection.execute(f"set global {name} = [{listed}]")
    for name, value in CONFINEMENT.items():
        connection.execute(f"set global {name} = {value}")


def _ways(path: Path) -> set[str]:
    """Give the ways to a place, as it is named and past all links."""
    return {os.path.normpath(path.absolute()), str(path.resolve())}


@dataclass(frozen=True)
class S3Place:
    """A file, a pattern of files or a folder on S3, as a variable of the environment names it."""

    variable: str
    url: str

    @property
    def bucket(self) -> str:
        """Give the bucket."""
        return self.url.removeprefix(S3).partition("/")[0]

    @property
    def key(self) -> str:
        """Give what follows the bucket."""
        return self.url.removeprefix(S3).partition("/")[2]

    @property
    def is_file(self) -> bool:
        """Tell whether it is the name of one file."""
        return self.variable not in FOLDERS and not WILDCARD.search(self.key)

    @property
    def folder(self) -> str:
        """Give the part of the prefix that is whole folders."""
        return self.prefix[: self.prefix.rfind("/") + 1]

    @property
    def prefix(self) -> str:
        """Give what the names of all its files begin with."""
        if self.variable in FOLDERS:
            return f"{self.key.rstrip('/')}/".lstrip("/")
        return WILDCARD.split(self.key)[0]


def s3_places(environment: Mapping[str, str]) -> Iterator[S3Place]:
    """Give the input that lies on S3."""
    for variable in INPUTS:
        if (value := environment.get(variable, "")).startswith(S3):
            yield S3Place(variable, value)


def open_s3(connection: duckdb.DuckDBPyConnection, places: list[S3Place]) -> None:
    """Have a database read these places; raise RuntimeError, in one line, where it couldn't."""
    # Half a second that a build without S3 does not need.
    import boto3  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    _load_reader(connection)
    config = Config(
        connect_timeout=SECONDS_TO_CONNECT,
        read_timeout=SECONDS_TO_READ,
        retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
    )
    for place in places:
        try:
            session = boto3.Session()
            region = os.environ.get("AWS_REGION") or session.region_name or "us-east-1"
            client = session.client("s3", region_name=region, config=config)
            region = _look(client, place) or region
            credentials = session.get_credentials().get_frozen_credentials()
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", "no code"))
            _refuse(place, REASONS.get(code, f"S3 answers {code}"))
        except BotoCoreError as error:
            _refuse(place, _reason(error))
        except ValueError:
            _refuse(place, "the endpoint or the region that is set for S3 can't be used")
        _keep_secret(connection, place, client, credentials, region)


def _load_reader(connection: duckdb.DuckDBPyConnection) -> None:
    """Load what reads S3, from the registry's package: DuckDB itself would fetch it elsewhere."""
    try:
        import duckdb_extension_httpfs  # noqa: PLC0415
    except ImportError:
        message = (
            "Reading s3:// needs the Python package duckdb-extension-httpfs, which isn't installed."
            " Install what requirements.lock names."
        )
        raise RuntimeError(message) from None
    folder = Path(duckdb_extension_httpfs.__file__).parent / "extensions"
    version = f"v{duckdb.__version__}"
    file = folder / version / "httpfs.duckdb_extension"
    if not file.is_file():
        message = (
            f"Reading s3:// needs the Python package duckdb-extension-httpfs of DuckDB's version,"
            f" {duckdb.__version__}. Install what requirements.lock names."
        )
        raise RuntimeError(message)
    connection.execute(f"load {_literal(file)}")


def _look(client: Any, place: S3Place) -> str | None:  # noqa: ANN401 - boto3 makes its classes
    """Ask for a file, or for any file of several; give the region of the bucket.

    Where a pattern or a folder finds none, the checks of the input say so, as they do of a disk.
    """
    if place.is_file:
        answer = client.head_object(Bucket=place.bucket, Key=place.key)
    else:
        answer = client.list_objects_v2(Bucket=place.bucket, Prefix=place.prefix, MaxKeys=1)
    return answer["ResponseMetadata"]["HTTPHeaders"].get("x-amz-bucket-region")


def _keep_secret(
    connection: duckdb.DuckDBPyConnection,
    place: S3Place,
    client: Any,  # noqa: ANN401
    credentials: Any,  # noqa: ANN401
    region: str,
) -> None:
    """Give the database, in its memory, what it needs to read a bucket."""
    from botocore.httpsession import get_cert_path  # noqa: PLC0415

    endpoint = urlsplit(client.meta.endpoint_url)
    is_aws = (endpoint.hostname or "").endswith((".amazonaws.com", ".amazonaws.com.cn"))
    host = endpoint.netloc.rpartition("@")[2]
    if is_aws:
        host = host.replace(f".{client.meta.region_name}.", f".{region}.")
    options = {
        "key_id": credentials.access_key,
        "secret": credentials.secret_key,
        "session_token": credentials.token or "",
        "region": region,
        "endpoint": host + endpoint.path.rstrip("/"),
        # A name with a dot is no name that a certificate of AWS is for.
        "url_style": "vhost" if is_aws and "." not in place.bucket else "path",
        "use_ssl": str(endpoint.scheme == "https").lower(),
        "scope": f"{S3}{place.bucket}/",
    }
    given = ", ".join(f"{name} {_literal(value)}" for name, value in options.items() if value)
    certificates = os.environ.get("AWS_CA_BUNDLE") or get_cert_path(verify=True)
    try:
        connection.execute("set global enable_server_cert_verification = true")
        connection.execute(f"set global ca_cert_file = {_literal(certificates)}")
        name = f"input_{place.variable.lower()}"
        connection.execute(f"create or replace secret {name} (type s3, {given})")
    except duckdb.Error:
        # What DuckDB says would show the statement.
        _refuse(place, "DuckDB can't use the credentials that were found")


def _reason(error: Exception) -> str:
    """Word what kept us from an answer; what botocore says may show an endpoint with a password."""
    from botocore import exceptions  # noqa: PLC0415

    if isinstance(error, exceptions.NoCredentialsError):
        return "no credentials of AWS are set"
    if isinstance(error, exceptions.ConnectTimeoutError | exceptions.ReadTimeoutError):
        return "S3 doesn't answer in time"
    if isinstance(error, exceptions.ConnectionError | exceptions.HTTPClientError):
        return "S3 can't be reached"
    if isinstance(error, exceptions.ProfileNotFound):
        return "AWS_PROFILE names a profile that isn't there"
    return f"the credentials or settings of AWS can't be used ({type(error).__name__})"


def _refuse(place: S3Place, reason: str) -> NoReturn:
    message = (
        f"{place.url} can't be read: {reason}. Check {place.variable}, and the credentials, region"
        " and endpoint of AWS (docs/own_data.md)."
    )
    raise RuntimeError(message) from None


def _literal(value: object) -> str:
    """Write a text as SQL."""
    return "'" + str(value).replace("'", "''") + "'"
