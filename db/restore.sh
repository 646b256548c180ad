#!/bin/sh
# Puts a backup back: the whole database in one transaction, then the music library. Nothing else may run on them meanwhile.
#
#   DATABASE_URL=… MUSIC_DIR=… sh db/restore.sh FOLDER [replace]
#
# It refuses a backup that is damaged, and, without `replace`, a database or a library in which there is something.
# `cargo xtask restore` and Compose's `restore` run this; it needs psql, pg_restore, tar and sha256sum, and nothing else.
set -eu

source=${1:?the folder of a backup}
wish=${2:-}
ask() { psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --command="$1" "$DATABASE_URL"; }

(cd "$source" && sha256sum -c SHA256SUMS >/dev/null) || { echo "$source is no whole backup" >&2; exit 1; }
services=$(ask "select string_agg(distinct application_name, ', ') from pg_stat_activity
                where datname = current_database() and application_name in ('abtest', 'metrics')")
if [ -n "$services" ]; then
    echo "$services still runs on this database; stop the services first" >&2
    exit 1
fi
tables=$(ask "select count(*) from pg_tables where schemaname in ('public', 'earlier')")
tracks=$(find "$MUSIC_DIR" -name '*.mp3' 2>/dev/null | grep -c . || true)
if [ "$wish" != replace ] && { [ "$tables" != 0 ] || [ "$tracks" != 0 ]; }; then
    echo "there are $tables tables and $tracks tracks already; say that they are to be replaced, or restore beside them" >&2
    exit 1
fi

# Dropping what was there is a part of the same transaction, which is committed only when the backup was read to its end: a
# restore that fails has changed nothing.
done=$(mktemp)
trap 'rm -f "$done"' EXIT
{
    echo 'begin; drop schema if exists earlier cascade; drop schema if exists public cascade; create schema public;'
    pg_restore --no-owner --no-privileges --file=- "$source/database.dump" && echo 'commit;' && echo yes >"$done"
} | psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --output=/dev/null "$DATABASE_URL"
[ -s "$done" ] || { echo "$source/database.dump could not be read; nothing was changed" >&2; exit 1; }
ask 'analyze' >/dev/null

mkdir -p "$MUSIC_DIR"
find "$MUSIC_DIR" -mindepth 1 -maxdepth 1 -exec rm -rf {} +
tar -x -f "$source/music.tar" -C "$MUSIC_DIR"
echo "restored $(ask 'select count(*) from events') events, $(ask 'select count(*) from assignments') assignments and $(find "$MUSIC_DIR" -name '*.mp3' | grep -c . || true) tracks"
