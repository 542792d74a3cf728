# Sourced by the commands in this folder: makes the environment .venv from requirements.lock where it
# is missing or out of date, and leaves the shell in the project's root. Needs Python 3.11 or later.

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
    "$python" -m venv "$project_root/.venv" >"$log" 2>&1 ||
        fail "$python can't make a virtual environment (on Debian: apt-get install python3-venv). See $log"
    "$venv_python" -m pip install --quiet --no-deps --require-hashes \
        --requirement "$project_root/requirements.lock" >>"$log" 2>&1 ||
        fail "the packages of requirements.lock can't be installed. See $log"
    rm -f "$log"
    lock_stamp >"$project_root/.venv/lock_stamp"
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
