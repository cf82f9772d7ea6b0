/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file is replaced whole or not at all, and what is said of a failure is so. */
#include <errno.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "pf-error.h"
#include "pf-file.h"
#include "pf-test-folder.h"

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static gboolean fail_files;
static gboolean fail_folders;

/* In the place of the C library's: a disk that cannot be synced is not to be had otherwise. */
int
fsync (int fd)
{
  struct stat status;

  g_assert_cmpint (fstat (fd, &status), ==, 0);
  if (S_ISDIR (status.st_mode) ? fail_folders : fail_files)
    {
      errno = EIO;
      return -1;
    }
  return (int) syscall (SYS_fsync, fd);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = pf_test_folder_new ();
  fixture->path = g_build_filename (fixture->folder, "loans", NULL);
  fail_files = fail_folders = FALSE;
  pf_test_folder_write (fixture->folder, "loans", "old");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_free (fixture->path);
  pf_test_folder_remove (fixture->folder);
}

static void
assert_holds (Fixture *fixture, const char *expected)
{
  g_autofree char *text = pf_test_folder_read (fixture->folder, "loans");
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  g_assert_cmpstr (text, ==, expected);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_assert_cmpstr (name, ==, "loans");
}

static void
test_written (Fixture *fixture, gconstpointer data)
{
  g_assert_true (pf_file_write (fixture->path, "new", 3, NULL));
  assert_holds (fixture, "new");
  g_assert_true (pf_file_remove (fixture->path, NULL));
  assert_holds (fixture, NULL);
  g_assert_true (pf_file_remove (fixture->path, NULL));
}

static void
test_not_written (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fail_files = TRUE;
  g_assert_false (pf_file_write (fixture->path, "new", 3, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_WRITE_FAILED);
  g_assert_true (g_str_has_prefix (error->message, "Cannot write"));
  assert_holds (fixture, "old");
}

/* The new one is there: nothing may say that the old one is untouched. */
static void
test_folder_not_synced (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fail_folders = TRUE;
  g_assert_false (pf_file_write (fixture->path, "new", 3, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_WRITE_FAILED);
  g_assert_nonnull (strstr (error->message, "not certain"));
  g_assert_nonnull (strstr (error->message, fixture->path));
  assert_holds (fixture, "new");
  g_clear_error (&error);
  g_assert_false (pf_file_remove (fixture->path, &error));
  g_assert_nonnull (strstr (error->message, "not certain"));
  assert_holds (fixture, NULL);
}

static void
test_no_folder (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "away", "loans", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (pf_file_write (path, "new", 3, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_WRITE_FAILED);
  g_assert_true (pf_file_remove (path, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/file/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("written", test_written);
  ADD ("not-written", test_not_written);
  ADD ("folder-not-synced", test_folder_not_synced);
  ADD ("no-folder", test_no_folder);
  return g_test_run ();
}
