# Lines and milliseconds of a logfmt log by minute and status, as
# `azimuth count --by minute,status --sum latency_ms`.
{
    status = ""; ms = 0
    for (i = 1; i <= NF; i++) {
        if ($i ~ /^status=/) status = substr($i, 8)
        else if ($i ~ /^latency_ms=/) ms = substr($i, 12)
    }
    key = substr($1, 6, 16) " " status
    lines[key]++
    sum[key] += ms
}
END { for (key in lines) print key, lines[key], sum[key] }
