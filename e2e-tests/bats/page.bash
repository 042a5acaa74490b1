# Pages of the documentation, followed: their commands run in their order, and what they print is what the page shows below them.
#
# The pages are written for `myacr.azurecr.io`. Where a command pushes and pulls, the address of the registry here stands in its place,
# and what is printed gets the name back. In images and settings the name stays: messages depend on it.

# read_pages FOLDER PAGE…: their fenced blocks as files, FOLDER/NUMBER.LANGUAGE, in their order. A text with words before it is not
# the output of the block above: it is FOLDER/NUMBER.alone.
read_pages() {
    mkdir -p "$1"
    awk -v folder="$1" '
        /^ *```[a-z]+$/ {
            language = $0
            gsub(/[ `]/, "", language)
            if (language == "text" && words) language = "alone"
            file = sprintf("%s/%02d.%s", folder, ++count, language)
            next
        }
        /^ *```$/ { close(file); file = ""; words = 0; next }
        file != "" { print > file; next }
        NF { words = 1 }
    ' "${@:2}"
}

# follow START: runs the block whose first line begins so, and compares what it prints with the block below it, if that is text.
follow() {
    local block shown
    block=$(block_of "$1")
    sed -E "s#(oci://|--registry |--docker-server=)myacr\.azurecr\.io#\1$REGISTRY#g" "$block" >"$FOLDER/block.sh"
    head -1 "$block" >>"$FOLDER/followed"
    (cd "$FOLDER" && . "$FOLDER/block.sh") >"$FOLDER/printed" 2>&1 3>&- || true
    sed -i "s#$REGISTRY#myacr.azurecr.io#g" "$FOLDER/printed"
    cat "$FOLDER/printed"
    tell_page "$block"
    shown=$(next_block "$block")
    case $shown in *.text) resembles "$shown" "$FOLDER/printed" ;; esac
}

# shows LINE COMMAND…: the same for a block of text with a line that begins so, and what is printed in the situation that the page describes.
shows() {
    local file line=$1
    shift
    (cd "$FOLDER" && "$@") >"$FOLDER/printed" 2>&1 3>&- || true
    sed -i "s#$REGISTRY#myacr.azurecr.io#g" "$FOLDER/printed"
    cat "$FOLDER/printed"
    for file in "$FOLDER"/blocks/*.text "$FOLDER"/blocks/*.alone; do
        if awk -v line="$line" 'index($0, line) == 1 { found = 1 } END { exit !found }' "$file"; then
            resembles "$file" "$FOLDER/printed" && return
        fi
    done
    echo "no text of the pages with such a line is what was printed: $line" >&2
    return 1
}

# The blocks as they were run and what they printed, one after the other: what the page is written from. Kept where PRINTED says.
tell_page() {
    [ -z "${PRINTED:-}" ] || { printf '\n$ '; cat "$1"; cat "$FOLDER/printed"; } >>"$PRINTED"
}

block_of() {
    local file
    for file in "$FOLDER"/blocks/*.sh; do
        case $(head -1 "$file") in "$1"*) echo "$file" && return ;; esac
    done
    echo "no block of the pages begins with: $1" >&2
    return 1
}

next_block() {
    local number
    number=$(basename "$1" | cut -d . -f 1)
    ls "$FOLDER/blocks/$(printf %02d $((10#$number + 1)))".* 2>/dev/null
}

# resembles SHOWN PRINTED: whether the pieces of SHOWN between its `…` are in PRINTED, in their order, from its beginning on and as
# far as its end. What differs from run to run is no difference, and neither is where a line is broken.
resembles() {
    plain <"$1" >"$FOLDER/shown.plain"
    plain <"$2" >"$FOLDER/printed.plain"
    SHOWN=$(cat "$FOLDER/shown.plain") awk '
        { printed = printed $0 }
        END {
            count = split(ENVIRON["SHOWN"], pieces, / ?… ?/)
            for (i = 1; i <= count; i++) {
                if (pieces[i] == "") continue
                at = index(printed, pieces[i])
                if (at == 0 || (i == 1 && at != 1)) { print "the page shows, and it was not printed here:\n" pieces[i]; exit 1 }
                printed = substr(printed, at + length(pieces[i]))
            }
            if (pieces[count] != "" && printed !~ /^ *$/) { print "printed, and the page does not show it:\n" printed; exit 1 }
        }' "$FOLDER/printed.plain"
}

# Without what no two runs share: digests, times, names by chance, ages, lines.
plain() {
    sed -E -e 's/\x1b\[[0-9;]*m//g' -e 's/sha256:[0-9a-f]{64}/sha256:#/g' -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/TIME/g' \
        -e 's/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/ID/g' -e 's/ [0-9]+s$/ AGE/' -e 's/:[0-9]+:[0-9]+$/:#:#/' -e 's/^ *[0-9]+ \|/# |/' \
        -e 's/\\+n/ /g' -e 's/\\+"/"/g' | tr -s ' \t\n' ' '
}
