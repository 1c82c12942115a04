# The table of flows as a few lines of awk would make it: one line a key, sorted by who runs this.
# The header line of each file names the columns; -v columns=N lines of another length are damaged.
function value(name) { return (name in at) && $at[name] != "-" ? $at[name] : "" }
FNR == 1 { delete at; for (i = 1; i <= NF; i++) at[$i] = i; columns = NF; next }
NF != columns { next }
value("log-status") != "OK" { next }
{
    vantage = value("tgw-attachment-id")
    if (vantage == "") vantage = value("interface-id")
    if (vantage == "") vantage = value("resource-id")
    protocol = value("protocol")
    icmp = protocol == 1 || protocol == 58
    key = vantage "," value("srcaddr") "," value("dstaddr") "," value("pkt-srcaddr") "," \
        value("pkt-dstaddr") "," protocol "," (icmp ? "" : value("srcport")) "," \
        (icmp ? "" : value("dstport")) "," value("action") "," value("flow-direction")
    records[key]++
    if (value("packets") != "") packets[key] += value("packets")
    if (value("bytes") != "") bytes[key] += value("bytes")
    if (!(key in first) || value("start") < first[key]) first[key] = value("start")
    if (!(key in last) || value("end") > last[key]) last[key] = value("end")
    if (value("packets-lost-no-route") != "") lost[key] += value("packets-lost-no-route")
}
END {
    for (key in records)
        print key "," records[key] "," (key in packets ? packets[key] : "") "," \
            (key in bytes ? bytes[key] : "") "," first[key] "," last[key] "," \
            (key in lost ? lost[key] : "")
}
