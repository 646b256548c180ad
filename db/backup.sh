#!/bin/sh
# Backs everything up that lasts: the database as one snapshot, and the music library. The system may run meanwhile.
#
#   DATABASE_URL=… MUSIC_DIR=… sh db/backup.sh FOLDER
#
# FOLDER appears only when it is whole: `database.dump` (pg_dump's own format), `music.tar`, and checksums of both.
# `cargo xtask backup` and Compose's `backup` run this; it needs pg_dump, tar and sha256sum, and nothing else.
set -eu

target=${1:?the folder that the backup is to become}
if [ -e "$target" ]; then
    echo "$target exists already; a backup never overwrites another" >&2
    exit 1
fi
part="$target.part"
rm -rf "$part"
trap 'rm -rf "$part"' EXIT
trap 'exit 130' INT TERM
# Letters and visitors' events are in it: nobody else is to read them.
umask 077
mkdir -p "$part"

pg_dump --format=custom --no-owner --no-privileges --file="$part/database.dump" "$DATABASE_URL"
# An upload that is not whole yet has no place in a backup.
tar -c -f "$part/music.tar" -C "$MUSIC_DIR" --exclude='.unfinished-*' .
(cd "$part" && sha256sum database.dump music.tar >SHA256SUMS)
# On the disk before it has its name.
sync
mv "$part" "$target"
trap - EXIT
echo "backed up $(pg_restore --list "$target/database.dump" | grep -c ' TABLE DATA ') tables and $(tar -t -f "$target/music.tar" | grep -c '\.mp3$') tracks"
