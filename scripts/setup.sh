# Sourced by the commands in this folder: makes the environment .venv from requirements.lock where it
# is missing or out of date, by uv if it is there, else by pip. Needs Python 3.11 or later.

project_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv_python="$project_root/.venv/bin/python"

fail() {
    printf '%s: %s\n' "$(basename "$0")" "$1" >&2
    exit 2
}

find_python() {
    local candidate
    for candidate in python3 python3.14 python3.13 python3.12 python3.11 python; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s' "$candidate"
            return
        fi
    done
    fail "Python 3.11 or later is needed, and none is on the PATH. Install one and run this again."
}

lock_stamp() {
    cksum <"$project_root/requirements.lock"
}

make_environment() {
    local python log
    python=$(find_python) || exit 2
    log="$project_root/.venv.log"
    printf 'Setting up .venv from requirements.lock (once; a minute or so) ...\n' >&2
    rm -rf "$project_root/.venv"
    if command -v uv >/dev/null; then
        install_by_uv "$python" >"$log" 2>&1 || explain "$log"
    else
        "$python" -m venv "$project_root/.venv" >"$log" 2>&1 ||
            fail "$python can't make a virtual environment (on Debian: apt-get install python3-venv). See $log"
        install_by_pip >>"$log" 2>&1 || explain "$log"
    fi
    rm -f "$log"
    lock_stamp >"$project_root/.venv/lock_stamp"
}

install_by_uv() {
    uv venv --python "$1" "$project_root/.venv" &&
        uv pip sync --python "$venv_python" --require-hashes "$project_root/requirements.lock"
}

# Without a network, pip would try for minutes.
install_by_pip() {
    "$venv_python" -m pip install --quiet --no-deps --require-hashes --retries 1 --timeout 15 \
        --requirement "$project_root/requirements.lock"
}

explain() {
    if grep -qiE "NewConnectionError|ConnectTimeout|name resolution|error sending request|dns error" "$1"; then
        fail "the network is missing: the packages of requirements.lock can't be fetched. Connect, or name an index within reach (PIP_INDEX_URL; for uv, UV_DEFAULT_INDEX), and run this again. See $1"
    fi
    fail "the packages of requirements.lock can't be installed. See $1"
}

environment_is_ready() {
    [ "$(cat "$project_root/.venv/lock_stamp" 2>/dev/null)" = "$(lock_stamp)" ]
}

# Paths that the caller gives are relative to where the caller stands.
absolute() {
    case "$1" in
        "" | /*) printf '%s' "$1" ;;
        *) printf '%s/%s' "$PWD" "$1" ;;
    esac
}

environment_is_ready || make_environment
