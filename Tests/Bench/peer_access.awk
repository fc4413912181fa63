# Lines and bytes of an access log by minute and status, as `azimuth count --by minute,status --sum bytes`.
{
    key = substr($4, 2, 17) " " $9
    lines[key]++
    bytes[key] += $10
}
END { for (key in lines) print key, lines[key], bytes[key] }
