/* A user's program in C and in C++ at once: every public header stands above these lines. */
int main(void)
{
    return vw_error_sentence(0)[0] == '\0';
}
