/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The journal on disk: what is said to be on record is; what cannot be trusted is kept aside; and there is
 * one owner. */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "pf-error.h"
#include "pf-journal-file.h"

#define BOOT "this boot"

/* What the journal asks of the kernel, a letter for each call: the linker leads them here. */
static GString *calls;
static gboolean syncs_fail;

ssize_t __real_write (int descriptor, const void *bytes, size_t length);
ssize_t __wrap_write (int descriptor, const void *bytes, size_t length);
int __real_fdatasync (int descriptor);
int __wrap_fdatasync (int descriptor);
int __real_fsync (int descriptor);
int __wrap_fsync (int descriptor);
int __real_renameat (int old_folder, const char *old_name, int folder, const char *name);
int __wrap_renameat (int old_folder, const char *old_name, int folder, const char *name);
int __real_unlinkat (int folder, const char *name, int flags);
int __wrap_unlinkat (int folder, const char *name, int flags);

ssize_t
__wrap_write (int descriptor, const void *bytes, size_t length)
{
  g_string_append_c (calls, 'w');
  return __real_write (descriptor, bytes, length);
}

int
__wrap_fdatasync (int descriptor)
{
  g_string_append_c (calls, 'd');
  errno = EIO;
  return syncs_fail ? -1 : __real_fdatasync (descriptor);
}

int
__wrap_fsync (int descriptor)
{
  g_string_append_c (calls, 'f');
  return __real_fsync (descriptor);
}

int
__wrap_renameat (int old_folder, const char *old_name, int folder, const char *name)
{
  g_string_append_c (calls, 'r');
  return __real_renameat (old_folder, old_name, folder, name);
}

int
__wrap_unlinkat (int folder, const char *name, int flags)
{
  g_string_append_c (calls, 'u');
  return __real_unlinkat (folder, name, flags);
}

typedef struct
{
  char *folder;
  PfJournalFile *file;
} Fixture;

static PfJournalFile *
open_file (const Fixture *fixture, const char *boot)
{
  g_autoptr (GError) error = NULL;
  PfJournalFile *file = pf_journal_file_new (fixture->folder, boot, 0, &error);

  g_assert_no_error (error);
  return file;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("portferry-test-XXXXXX", NULL);
  fixture->file = open_file (fixture, BOOT);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  const char *name;
  GDir *dir = g_dir_open (fixture->folder, 0, NULL);

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_unlink (path);
    }
  g_dir_close (dir);
  g_clear_pointer (&fixture->file, pf_journal_file_free);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
}

static char *
get_path (const Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->folder, name, NULL);
}

static gboolean
has (const Fixture *fixture, const char *name)
{
  g_autofree char *path = get_path (fixture, name);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
put (const Fixture *fixture, const char *text, mode_t mode)
{
  g_autofree char *path = get_path (fixture, "journal");

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
}

static void
reopen (Fixture *fixture, const char *boot)
{
  pf_journal_file_free (fixture->file);
  fixture->file = open_file (fixture, boot);
}

static PfJournal *
make_journal (void)
{
  g_autoptr (PfPlan) plan = pf_plan_new ("windows");

  for (guint i = 0; i < 3; i++)
    {
      PfStep *step = pf_step_new (PF_STEP_ROUTE);

      step->router = g_strdup ("0000:00:14.0");
      g_ptr_array_add (plan->steps, step);
    }
  return pf_journal_new (PF_JOURNAL_APPLY, plan);
}

static void
begin (Fixture *fixture)
{
  g_autoptr (PfJournal) journal = make_journal ();
  g_autoptr (GError) error = NULL;

  pf_journal_file_begin (fixture->file, journal, &error);
  g_assert_no_error (error);
}

static void
add (Fixture *fixture, PfJournalRecord record, guint step)
{
  g_autoptr (GError) error = NULL;

  pf_journal_file_add_step (fixture->file, record, step, &error);
  g_assert_no_error (error);
}

static PfJournal *
load (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  PfJournal *journal = pf_journal_file_load (fixture->file, &error);

  g_assert_no_error (error);
  return journal;
}

static void
test_records (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfJournal) journal = NULL;
  g_autofree char *path = get_path (fixture, "journal");
  struct stat status;

  g_assert_null (load (fixture));
  begin (fixture);
  add (fixture, PF_JOURNAL_BEGIN, 0);
  add (fixture, PF_JOURNAL_DONE, 0);
  add (fixture, PF_JOURNAL_BEGIN, 1);
  reopen (fixture, BOOT);
  journal = load (fixture);
  g_assert_cmpint (journal->states[0], ==, PF_JOURNAL_STEP_DONE);
  g_assert_cmpint (journal->states[1], ==, PF_JOURNAL_STEP_BEGUN);
  g_assert_cmpint (journal->states[2], ==, PF_JOURNAL_STEP_AHEAD);
  g_assert_cmpint (stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
}

static void
test_end (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfJournal) journal = NULL;

  begin (fixture);
  g_assert_true (pf_journal_file_end (fixture->file, NULL, &error));
  g_assert_false (has (fixture, "journal"));
  begin (fixture);
  g_assert_true (pf_journal_file_end (fixture->file, "The card is gone.", &error));
  g_assert_no_error (error);
  reopen (fixture, BOOT);
  journal = load (fixture);
  g_assert_true (journal->ended);
  g_assert_cmpstr (journal->problem, ==, "The card is gone.");
}

static void
test_other_boot (Fixture *fixture, gconstpointer data)
{
  begin (fixture);
  add (fixture, PF_JOURNAL_BEGIN, 0);
  reopen (fixture, "the next boot");
  g_assert_null (load (fixture));
  g_assert_false (has (fixture, "journal"));
  g_assert_false (has (fixture, "journal.bad-1"));
}

/* Each is kept, up to a number, and none is followed. */
static void
test_bad (Fixture *fixture, gconstpointer data)
{
  for (guint i = 1; i <= 10; i++)
    {
      g_autofree char *name = g_strdup_printf ("journal.bad-%u", MIN (i, 8));
      g_autoptr (GError) error = NULL;

      put (fixture, "nonsense\nand more\n", 0600);
      g_assert_null (pf_journal_file_load (fixture->file, &error));
      g_assert_error (error, PF_ERROR, PF_ERROR_FAILED);
      g_assert_nonnull (strstr (error->message, name));
      g_assert_true (has (fixture, name));
      g_assert_false (has (fixture, "journal"));
    }
  g_assert_false (has (fixture, "journal.bad-9"));
}

/* A journal that others could have written, or that is no file, is not read at all. */
static void
test_foreign (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = get_path (fixture, "journal");
  g_autofree char *text = NULL;
  g_autoptr (GError) writable = NULL;
  g_autoptr (GError) link = NULL;
  g_autoptr (GError) fifo = NULL;

  begin (fixture);
  g_assert_cmpint (g_chmod (path, 0602), ==, 0);
  g_assert_null (pf_journal_file_load (fixture->file, &writable));
  g_assert_error (writable, PF_ERROR, PF_ERROR_FAILED);
  g_assert_cmpint (symlink ("journal.bad-1", path), ==, 0);
  g_assert_null (pf_journal_file_load (fixture->file, &link));
  g_assert_nonnull (link);
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  g_assert_null (pf_journal_file_load (fixture->file, &fifo));
  g_assert_nonnull (fifo);
  g_assert_false (has (fixture, "journal"));
}

static void
test_one_owner (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (pf_journal_file_new (fixture->folder, BOOT, 30, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_BUSY);
}

/* Everybody can open the folder, and what is open can be locked. That must not keep the helper from starting.
 */
static void
test_locked_by_others (Fixture *fixture, gconstpointer data)
{
  static const char *const locks[] = { "owner", "lock" };
  int folder = open (fixture->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  g_assert_cmpint (flock (folder, LOCK_EX | LOCK_NB), ==, 0);
  reopen (fixture, BOOT);
  for (guint i = 0; i < G_N_ELEMENTS (locks); i++)
    {
      g_autofree char *path = get_path (fixture, locks[i]);
      struct stat status;

      g_assert_cmpint (stat (path, &status), ==, 0);
      g_assert_cmphex (status.st_mode & 0777, ==, 0600);
    }
  close (folder);
}

static void
check_calls (const char *expected)
{
  g_assert_cmpstr (calls->str, ==, expected);
  g_string_truncate (calls, 0);
}

/* What counts as on record is on disk: the data before the name, the name before anything is begun. */
static void
test_synced (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_string_truncate (calls, 0);
  begin (fixture);
  check_calls ("uwdrf");
  add (fixture, PF_JOURNAL_BEGIN, 0);
  check_calls ("wd");
  add (fixture, PF_JOURNAL_DONE, 0);
  check_calls ("wd");
  g_assert_true (pf_journal_file_add_waits (fixture->file, 1, &error));
  check_calls ("wd");
  g_assert_true (pf_journal_file_end (fixture->file, NULL, &error));
  check_calls ("uf");
}

/* A disk that does not keep it: nothing is said to be on record, and what was before still is. */
static void
test_sync_fails (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfJournal) next = make_journal ();
  g_autoptr (PfJournal) found = NULL;
  g_autoptr (GError) not_added = NULL;
  g_autoptr (GError) not_begun = NULL;

  begin (fixture);
  add (fixture, PF_JOURNAL_BEGIN, 1);
  syncs_fail = TRUE;
  g_assert_false (pf_journal_file_add_step (fixture->file, PF_JOURNAL_DONE, 1, &not_added));
  g_assert_error (not_added, PF_ERROR, PF_ERROR_WRITE_FAILED);
  g_assert_false (pf_journal_file_begin (fixture->file, next, &not_begun));
  g_assert_error (not_begun, PF_ERROR, PF_ERROR_WRITE_FAILED);
  syncs_fail = FALSE;
  reopen (fixture, BOOT);
  found = load (fixture);
  g_assert_cmpint (found->states[1], ==, PF_JOURNAL_STEP_BEGUN);
}

/* A process that writes to the kernel outlives its parent: the next owner knows. */
static void
test_witness (Fixture *fixture, gconstpointer data)
{
  int witness = dup (pf_journal_file_get_witness (fixture->file));

  reopen (fixture, BOOT);
  g_assert_false (pf_journal_file_is_alone (fixture->file));
  close (witness);
  g_assert_true (pf_journal_file_is_alone (fixture->file));
}

/* With a full disk nothing is said to be on record that is not; what was is still worth something. */
static void
test_full_disk (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = get_path (fixture, "journal");
  g_autoptr (PfJournal) journal = NULL;
  g_autoptr (GError) error = NULL;
  struct rlimit before, limit;
  struct stat status;

  begin (fixture);
  add (fixture, PF_JOURNAL_BEGIN, 0);
  g_assert_cmpint (stat (path, &status), ==, 0);
  signal (SIGXFSZ, SIG_IGN);
  getrlimit (RLIMIT_FSIZE, &before);
  limit = (struct rlimit){ (rlim_t) status.st_size + 9, before.rlim_max };
  setrlimit (RLIMIT_FSIZE, &limit);
  g_assert_false (pf_journal_file_add_step (fixture->file, PF_JOURNAL_DONE, 0, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_WRITE_FAILED);
  setrlimit (RLIMIT_FSIZE, &before);
  add (fixture, PF_JOURNAL_UNDONE, 0);
  reopen (fixture, BOOT);
  journal = load (fixture);
  g_assert_false (journal->torn);
  g_assert_cmpint (journal->states[0], ==, PF_JOURNAL_STEP_UNDONE);
}

/* A journal that cannot be put in place leaves the one before as it was, and nothing of itself. */
static void
test_full_disk_at_begin (Fixture *fixture, gconstpointer data)
{
  g_autofree char *half = get_path (fixture, "journal.new");
  g_autoptr (PfPlan) plan = pf_plan_new ("other");
  g_autoptr (PfJournal) other = pf_journal_new (PF_JOURNAL_APPLY, plan);
  g_autoptr (PfJournal) journal = NULL;
  g_autoptr (GError) error = NULL;
  struct rlimit before, limit;

  begin (fixture);
  signal (SIGXFSZ, SIG_IGN);
  getrlimit (RLIMIT_FSIZE, &before);
  limit = (struct rlimit){ 9, before.rlim_max };
  setrlimit (RLIMIT_FSIZE, &limit);
  g_assert_false (pf_journal_file_begin (fixture->file, other, &error));
  setrlimit (RLIMIT_FSIZE, &before);
  g_assert_error (error, PF_ERROR, PF_ERROR_WRITE_FAILED);
  g_assert_false (g_file_test (half, G_FILE_TEST_EXISTS));
  add (fixture, PF_JOURNAL_BEGIN, 0);
  reopen (fixture, BOOT);
  journal = load (fixture);
  g_assert_cmpstr (journal->plan->profile, !=, "other");
  g_assert_cmpint (journal->states[0], ==, PF_JOURNAL_STEP_BEGUN);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  calls = g_string_new (NULL);
  g_test_add ("/journal-file/records", Fixture, NULL, set_up, test_records, tear_down);
  g_test_add ("/journal-file/end", Fixture, NULL, set_up, test_end, tear_down);
  g_test_add ("/journal-file/other-boot", Fixture, NULL, set_up, test_other_boot, tear_down);
  g_test_add ("/journal-file/bad", Fixture, NULL, set_up, test_bad, tear_down);
  g_test_add ("/journal-file/foreign", Fixture, NULL, set_up, test_foreign, tear_down);
  g_test_add ("/journal-file/one-owner", Fixture, NULL, set_up, test_one_owner, tear_down);
  g_test_add ("/journal-file/locked-by-others", Fixture, NULL, set_up, test_locked_by_others, tear_down);
  g_test_add ("/journal-file/synced", Fixture, NULL, set_up, test_synced, tear_down);
  g_test_add ("/journal-file/sync-fails", Fixture, NULL, set_up, test_sync_fails, tear_down);
  g_test_add ("/journal-file/witness", Fixture, NULL, set_up, test_witness, tear_down);
  g_test_add ("/journal-file/full-disk", Fixture, NULL, set_up, test_full_disk, tear_down);
  g_test_add ("/journal-file/full-disk-at-begin", Fixture, NULL, set_up, test_full_disk_at_begin, tear_down);
  return g_test_run ();
}
