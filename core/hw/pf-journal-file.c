/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-journal-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pf-error.h"

#define NAME "journal"
#define NEW_NAME "journal.new"
#define OWNER_NAME "owner"
#define WITNESS_NAME "lock"
/* Journals that were set aside; the last one gives way to the next. */
#define MAX_BAD 8
#define LOCK_STEP_MS 10

struct _PfJournalFile
{
  char *path; /* for messages */
  char *boot;
  int folder;
  int owner;
  int witness;
  gboolean has_witness;
  int descriptor; /* of the journal under way; -1 for none */
  goffset length;
  PfJournalChain chain;
};

static gboolean
set_error (GError **error, const char *what, const char *path)
{
  int number = errno;

  g_set_error (error, PF_ERROR, PF_ERROR_WRITE_FAILED, "%s “%s”: %s.", what, path, g_strerror (number));
  return FALSE;
}

/* Whoever can open a file, be it only to read it, can lock it, and everybody can open the folder: so locks
 * hang on files that nobody else can open. */
static int
open_lock (PfJournalFile *file, const char *name)
{
  return openat (file->folder, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

/* One that is leaving gives its name on the bus up before its locks. */
static gboolean
become_owner (PfJournalFile *file, guint patience, GError **error)
{
  for (guint waited = 0; flock (file->owner, LOCK_EX | LOCK_NB) < 0; waited += LOCK_STEP_MS)
    {
      if (errno != EWOULDBLOCK)
        return set_error (error, "Cannot lock", file->path);
      if (waited >= patience)
        {
          g_set_error (error, PF_ERROR, PF_ERROR_BUSY, "Another helper works with “%s”.", file->path);
          return FALSE;
        }
      g_usleep (LOCK_STEP_MS * G_TIME_SPAN_MILLISECOND);
    }
  return TRUE;
}

static gboolean
take_locks (PfJournalFile *file, guint patience, GError **error)
{
  file->owner = open_lock (file, OWNER_NAME);
  file->witness = open_lock (file, WITNESS_NAME);
  if (file->owner < 0 || file->witness < 0)
    return set_error (error, "Cannot make the locks in", file->path);
  if (!become_owner (file, patience, error))
    return FALSE;
  pf_journal_file_is_alone (file);
  return TRUE;
}

/**
 * pf_journal_file_new:
 * @folder: where it is; made when it is not there
 * @boot: the kernel's id of this boot
 * @patience: milliseconds that another process which has it is given to leave
 * @error: PF_ERROR_BUSY when another process has it; PF_ERROR_WRITE_FAILED
 *
 * Returns: (transfer full): the file, for this process alone; NULL on failure
 */
PfJournalFile *
pf_journal_file_new (const char *folder, const char *boot, guint patience, GError **error)
{
  g_autoptr (PfJournalFile) file = g_new0 (PfJournalFile, 1);

  file->path = g_strdup (folder);
  file->boot = g_strdup (boot);
  file->owner = file->witness = file->descriptor = -1;
  file->folder
      = g_mkdir_with_parents (folder, 0755) < 0 ? -1 : open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file->folder < 0)
    {
      set_error (error, "Cannot open", folder);
      return NULL;
    }
  return take_locks (file, patience, error) ? g_steal_pointer (&file) : NULL;
}

static void
close_journal (PfJournalFile *file)
{
  if (file->descriptor >= 0)
    close (file->descriptor);
  file->descriptor = -1;
}

/**
 * pf_journal_file_free:
 * @file: (transfer full): a journal's file; what is in it stays
 */
void
pf_journal_file_free (PfJournalFile *file)
{
  close_journal (file);
  if (file->owner >= 0)
    close (file->owner);
  if (file->witness >= 0)
    close (file->witness);
  if (file->folder >= 0)
    close (file->folder);
  g_free (file->path);
  g_free (file->boot);
  g_free (file);
}

/**
 * pf_journal_file_get_witness:
 * @file: a journal's file
 *
 * Returns: a descriptor for processes that write to the kernel to keep open: a lock hangs on it, and lasts
 * until the last of them has closed it
 */
int
pf_journal_file_get_witness (const PfJournalFile *file)
{
  return file->witness;
}

/**
 * pf_journal_file_is_alone:
 * @file: a journal's file
 *
 * Returns: whether no process is left that writes to the kernel for an earlier owner of the journal
 */
gboolean
pf_journal_file_is_alone (PfJournalFile *file)
{
  if (!file->has_witness)
    file->has_witness = flock (file->witness, LOCK_EX | LOCK_NB) == 0;
  return file->has_witness;
}

static char *
read_all (int descriptor, gsize *length)
{
  g_autofree char *data = g_malloc (PF_JOURNAL_MAX_SIZE + 2);
  gsize done = 0;

  while (done <= PF_JOURNAL_MAX_SIZE)
    {
      gssize count = read (descriptor, data + done, PF_JOURNAL_MAX_SIZE + 1 - done);

      if (count < 0 && errno == EINTR)
        continue;
      if (count < 0)
        return NULL;
      if (count == 0)
        break;
      done += (gsize) count;
    }
  *length = done;
  return g_steal_pointer (&data);
}

/* Only what we wrote ourselves. Returns FALSE without @error when there is nothing. */
static gboolean
read_journal (PfJournalFile *file, char **data, gsize *length, GError **error)
{
  int descriptor = openat (file->folder, NAME, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  struct stat status;

  if (descriptor < 0 && errno == ENOENT)
    return FALSE;
  if (descriptor < 0 || fstat (descriptor, &status) < 0)
    set_error (error, "Cannot read the journal in", file->path);
  else if (!S_ISREG (status.st_mode) || status.st_uid != geteuid ()
           || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    g_set_error_literal (error, PF_ERROR, PF_ERROR_FAILED, "others than this service could have written it");
  else if ((*data = read_all (descriptor, length)) == NULL)
    set_error (error, "Cannot read the journal in", file->path);
  if (descriptor >= 0)
    close (descriptor);
  return *data != NULL;
}

static gboolean
sync_folder (PfJournalFile *file, GError **error)
{
  return fsync (file->folder) == 0 || set_error (error, "Cannot sync", file->path);
}

/* Keeps it for people to look at. */
static char *
set_aside (PfJournalFile *file)
{
  g_autofree char *name = NULL;
  struct stat status;

  for (guint i = 1; i <= MAX_BAD; i++)
    {
      g_free (name);
      name = g_strdup_printf ("journal.bad-%u", i);
      if (fstatat (file->folder, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
        break;
    }
  if (renameat (file->folder, NAME, file->folder, name) < 0)
    g_warning ("“%s/" NAME "” cannot be set aside: %s", file->path, g_strerror (errno));
  fsync (file->folder);
  return g_steal_pointer (&name);
}

static gboolean
remove_journal (PfJournalFile *file, GError **error)
{
  close_journal (file);
  if (unlinkat (file->folder, NAME, 0) < 0 && errno != ENOENT)
    return set_error (error, "Cannot remove the journal in", file->path);
  return sync_folder (file, error);
}

/**
 * pf_journal_file_load:
 * @file: a journal's file
 * @error: PF_ERROR_FAILED when there is one that cannot be believed: it is set aside then, as journal.bad-N
 *
 * One from before this machine was started is history, and removed.
 *
 * Returns: (transfer full) (nullable): what an earlier owner left unfinished; NULL for nothing
 */
PfJournal *
pf_journal_file_load (PfJournalFile *file, GError **error)
{
  g_autofree char *data = NULL;
  g_autoptr (GError) wrong = NULL;
  PfJournal *journal = NULL;
  gboolean is_history = FALSE;
  gsize length = 0;

  unlinkat (file->folder, NEW_NAME, 0);
  if (read_journal (file, &data, &length, &wrong))
    journal = pf_journal_parse (data, length, file->boot, &is_history, &wrong);
  if (is_history)
    {
      g_message ("The journal of a switch from before the machine was started is of no use any more.");
      remove_journal (file, NULL);
    }
  if (wrong == NULL)
    return journal;
  pf_journal_file_refuse (file, wrong->message, error);
  return NULL;
}

/**
 * pf_journal_file_refuse:
 * @file: a journal's file, with a journal in it that nobody carries on with
 * @why: why it cannot be believed
 * @error: (out): PF_ERROR_FAILED saying that, and what to do
 *
 * Sets it aside, for people to look at.
 */
void
pf_journal_file_refuse (PfJournalFile *file, const char *why, GError **error)
{
  g_autofree char *name = set_aside (file);

  g_set_error (
      error, PF_ERROR, PF_ERROR_FAILED,
      "A switch was interrupted, and its journal cannot be trusted (%s). It was not followed, and is kept as "
      "“%s/%s”. Look at what is lent, and bring everything home.",
      why, file->path, name);
}

static gboolean
write_all (int descriptor, const char *text)
{
  gsize length = strlen (text);

  while (length > 0)
    {
      gssize count = write (descriptor, text, length);

      if (count < 0 && errno == EINTR)
        continue;
      if (count < 0)
        return FALSE;
      text += count;
      length -= (gsize) count;
    }
  return TRUE;
}

/**
 * pf_journal_file_begin:
 * @file: a journal's file
 * @journal: what is going to be done
 * @error: PF_ERROR_WRITE_FAILED; the journal before is still there then
 *
 * Puts a new journal in the place of the one before, at once: there is never a moment with neither or with
 * half of one.
 *
 * Returns: whether it is on disk
 */
gboolean
pf_journal_file_begin (PfJournalFile *file, const PfJournal *journal, GError **error)
{
  PfJournalChain chain;
  g_autofree char *text = pf_journal_serialize (journal, file->boot, &chain);
  int descriptor;

  if (strlen (text) > PF_JOURNAL_MAX_SIZE / 2)
    {
      g_set_error_literal (error, PF_ERROR, PF_ERROR_LIMIT_EXCEEDED, "This switch has too many steps.");
      return FALSE;
    }
  unlinkat (file->folder, NEW_NAME, 0);
  descriptor = openat (file->folder, NEW_NAME,
                       O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0 || !write_all (descriptor, text) || fdatasync (descriptor) < 0
      || renameat (file->folder, NEW_NAME, file->folder, NAME) < 0)
    {
      set_error (error, "Cannot write the journal in", file->path);
      if (descriptor >= 0)
        close (descriptor);
      /* Where the disk is full, a part of a journal that nobody will read should not take its last bytes. */
      unlinkat (file->folder, NEW_NAME, 0);
      return FALSE;
    }
  close_journal (file);
  file->descriptor = descriptor;
  file->chain = chain;
  file->length = (goffset) strlen (text);
  return sync_folder (file, error);
}

/* A record that could not be written whole is taken away again, or what comes after it would be worth
 * nothing. */
static gboolean
append (PfJournalFile *file, const char *text, const PfJournalChain *chain, GError **error)
{
  errno = EBADF;
  if (file->descriptor >= 0 && write_all (file->descriptor, text) && fdatasync (file->descriptor) == 0)
    {
      file->chain = *chain;
      file->length += (goffset) strlen (text);
      return TRUE;
    }
  set_error (error, "Cannot write the journal in", file->path);
  if (file->descriptor >= 0 && ftruncate (file->descriptor, file->length) < 0)
    close_journal (file);
  return FALSE;
}

/**
 * pf_journal_file_add_step:
 * @file: a journal's file, with one under way
 * @record: PF_JOURNAL_BEGIN, PF_JOURNAL_DONE or PF_JOURNAL_UNDONE
 * @step: number of the step, from 0
 * @error: PF_ERROR_WRITE_FAILED
 *
 * Returns: whether it is on disk
 */
gboolean
pf_journal_file_add_step (PfJournalFile *file, PfJournalRecord record, guint step, GError **error)
{
  PfJournalChain chain = file->chain;
  g_autofree char *text = pf_journal_serialize_step_record (record, step, &chain);

  return append (file, text, &chain, error);
}

/**
 * pf_journal_file_add_waits:
 * @file: a journal's file, with one under way
 * @deadline: CLOCK_REALTIME in microseconds
 * @error: PF_ERROR_WRITE_FAILED
 *
 * Returns: whether it is on disk
 */
gboolean
pf_journal_file_add_waits (PfJournalFile *file, gint64 deadline, GError **error)
{
  PfJournalChain chain = file->chain;
  g_autofree char *text = pf_journal_serialize_waits (deadline, &chain);

  return append (file, text, &chain, error);
}

/**
 * pf_journal_file_end:
 * @file: a journal's file
 * @problem: (nullable): what could not be put right, for the next owner to say
 * @error: PF_ERROR_WRITE_FAILED
 *
 * With nothing to say the journal is removed. Where none is under way, an earlier one that says something
 * stays.
 *
 * Returns: whether that is on disk
 */
gboolean
pf_journal_file_end (PfJournalFile *file, const char *problem, GError **error)
{
  PfJournalChain chain = file->chain;
  g_autofree char *text = NULL;

  if (problem == NULL)
    return remove_journal (file, error);
  if (file->descriptor < 0)
    return TRUE;
  text = pf_journal_serialize_end (problem, &chain);
  if (!append (file, text, &chain, error))
    return FALSE;
  close_journal (file);
  return TRUE;
}
