/*
 * The least a program can do with an export: walk the folder and parse every file with
 * jansson. `vpcwhy trace` is measured against this.
 */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <jansson.h>

#define MAX_PATH 4096
#define MAX_DEPTH 32

static size_t parse_file(const char *path)
{
    json_error_t error;
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    size_t members = json_object_size(root);

    if (root == NULL)
        fprintf(stderr, "%s:%d: %s\n", path, error.line, error.text);
    json_decref(root);
    return members;
}

static size_t parse_tree(const char *path, unsigned depth)
{
    struct stat status;
    size_t members = 0;

    if (depth > MAX_DEPTH || stat(path, &status) != 0)
        return 0;
    if (S_ISREG(status.st_mode))
        return parse_file(path);

    DIR *folder = opendir(path);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        char below[MAX_PATH];
        int length = snprintf(below, sizeof(below), "%s/%s", path, entry->d_name);

        if (entry->d_name[0] != '.' && length > 0 && (size_t)length < sizeof(below))
            members += parse_tree(below, depth + 1);
    }
    if (folder != NULL)
        closedir(folder);
    return members;
}

int main(int argc, char **argv)
{
    size_t members = 0;

    for (int i = 1; i < argc; i++)
        members += parse_tree(argv[i], 0);
    printf("%zu\n", members);
    return members == 0;
}
