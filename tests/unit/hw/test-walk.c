/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pf-test-tree.h"
#include "pf-walk.h"

#define RENAMES 50000

/* A way so long that something is renamed while the kernel is on it. */
#define DETOURS 300

typedef struct
{
  char *from;
  char *to;
  gint count;
} Renaming;

static int
open_root (const PfTestTree *tree)
{
  g_autofree char *path = pf_test_tree_path (tree, "sys");
  int descriptor = open (path, O_PATH | O_DIRECTORY | O_CLOEXEC);

  g_assert_no_errno (descriptor);
  return descriptor;
}

static void
assert_reads (int descriptor, const char *expected)
{
  char text[64] = "";

  g_assert_no_errno (descriptor);
  g_assert_cmpint (read (descriptor, text, sizeof text - 1), ==, strlen (expected));
  g_assert_cmpstr (text, ==, expected);
  close (descriptor);
}

static void
test_ways (void)
{
  static const char *const ways[] = {
    "devices/x/value",           "bus/a/x/value", "./devices//x/./value",
    "bus/../devices/x/value",    "class/x/value", "bus/a/../../bus/a/x/value",
    "devices/x/self/self/value", "value",
  };
  g_autoptr (PfTestTree) tree = pf_test_tree_new ();
  int root = open_root (tree);

  pf_test_tree_write (tree, "sys/devices/x/value", "one");
  pf_test_tree_link (tree, "sys/devices/x/self", "../x");
  pf_test_tree_link (tree, "sys/bus/a/x", "../../devices/x");
  pf_test_tree_link (tree, "sys/class/x", "../bus/a/x");
  pf_test_tree_link (tree, "sys/value", "class/x/value");
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    assert_reads (pf_walk_open (root, ways[i], O_RDONLY | O_CLOEXEC), "one");
  close (root);
}

static void
test_last_link (void)
{
  g_autoptr (PfTestTree) tree = pf_test_tree_new ();
  int root = open_root (tree);
  struct stat status;
  int link, directory;

  pf_test_tree_make_directory (tree, "sys/devices/x");
  pf_test_tree_link (tree, "sys/bus/a/x", "../../devices/x");
  link = pf_walk_open (root, "bus/a/x", O_PATH | O_NOFOLLOW | O_CLOEXEC);
  g_assert_no_errno (fstat (link, &status));
  g_assert_true (S_ISLNK (status.st_mode));
  directory = pf_walk_open (root, "bus/a/x", O_PATH | O_CLOEXEC);
  g_assert_no_errno (fstat (directory, &status));
  g_assert_true (S_ISDIR (status.st_mode));
  close (link);
  close (directory);
  close (root);
}

static void
test_refused (void)
{
  static const struct
  {
    const char *path;
    int number;
  } cases[] = {
    { "../secret", EXDEV },
    { "devices/../../secret", EXDEV },
    { "/etc/passwd", EXDEV },
    { "out/secret", EXDEV },
    { "absolute/root", EXDEV },
    { "loop", ELOOP },
    { "nothing", ENOENT },
    { "devices/nothing/..", ENOENT },
    { "dangling", ENOENT },
    { "file/below", ENOTDIR },
    { "", ENOENT },
  };
  g_autoptr (PfTestTree) tree = pf_test_tree_new ();
  g_autofree char *too_long = g_strnfill (5000, 'x');
  int root = open_root (tree);

  pf_test_tree_write (tree, "secret", "secret");
  pf_test_tree_write (tree, "sys/file", "one");
  pf_test_tree_make_directory (tree, "sys/devices");
  pf_test_tree_link (tree, "sys/out", "..");
  pf_test_tree_link (tree, "sys/absolute", "/proc/self");
  pf_test_tree_link (tree, "sys/loop", "devices/../loop");
  pf_test_tree_link (tree, "sys/dangling", "nowhere");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpint (pf_walk_open (root, cases[i].path, O_RDONLY | O_CLOEXEC), ==, -1);
      g_assert_cmpint (errno, ==, cases[i].number);
    }
  g_assert_cmpint (pf_walk_open (root, too_long, O_RDONLY | O_CLOEXEC), ==, -1);
  g_assert_cmpint (errno, ==, ENAMETOOLONG);
  close (root);
}

static gpointer
rename_back_and_forth (gpointer user_data)
{
  Renaming *renaming = user_data;

  for (guint i = 0; i < RENAMES; i++, g_atomic_int_inc (&renaming->count))
    if (rename (renaming->from, renaming->to) < 0 || rename (renaming->to, renaming->from) < 0)
      g_error ("cannot rename: %s", g_strerror (errno));
  return NULL;
}

/* What is read of the machine must not depend on what others do elsewhere in its file systems. */
static void
test_renames (void)
{
  g_autoptr (PfTestTree) tree = pf_test_tree_new ();
  g_autoptr (PfTree) opened = pf_test_tree_open (tree);
  g_autoptr (GString) path = g_string_new (NULL);
  Renaming renaming = { pf_test_tree_path (tree, "a"), pf_test_tree_path (tree, "b"), 0 };
  GThread *thread;

  pf_test_tree_write (tree, "a", "");
  pf_test_tree_write (tree, "sys/devices/value", "one");
  for (guint i = 0; i < DETOURS; i++)
    g_string_append (path, "devices/../");
  g_string_append (path, "devices/value");
  thread = g_thread_new ("rename", rename_back_and_forth, &renaming);
  while (g_atomic_int_get (&renaming.count) < RENAMES)
    {
      g_autofree char *text = pf_tree_read_text (opened, PF_TREE_SYS, path->str);

      g_assert_cmpstr (text, ==, "one");
    }
  g_thread_join (thread);
  g_free (renaming.from);
  g_free (renaming.to);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/walk/ways", test_ways);
  g_test_add_func ("/walk/last-link", test_last_link);
  g_test_add_func ("/walk/refused", test_refused);
  g_test_add_func ("/walk/renames", test_renames);
  return g_test_run ();
}
