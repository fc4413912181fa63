# Lines of a syslog file by minute and program, as `azimuth count --by minute,program`.
{
    program = $5
    sub(/[[:]].*/, "", program)
    lines[$1 " " $2 " " substr($3, 1, 5) " " program]++
}
END { for (key in lines) print key, lines[key] }
