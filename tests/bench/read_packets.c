/* The least that reading a capture takes: libpcap's loop, nothing done with the packets. */
#include <pcap/pcap.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    char said[PCAP_ERRBUF_SIZE];
    pcap_t *pcap = argc == 2 ? pcap_open_offline(argv[1], said) : NULL;
    struct pcap_pkthdr *header;
    const u_char *bytes;
    unsigned long count = 0;

    if (!pcap)
        return 2;
    while (pcap_next_ex(pcap, &header, &bytes) == 1)
        count++;
    pcap_close(pcap);
    printf("%lu\n", count);
    return 0;
}
