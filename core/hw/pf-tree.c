/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pf-error.h"
#include "pf-text.h"
#include "pf-walk.h"

/* The kernel gives an attribute one page. */
#define MAX_TEXT 4096
/* More than any directory of sysfs has; a bound for trees that somebody made up. */
#define MAX_ENTRIES 65536
/* Ten thousand mounts of a machine with containers fit in, and a thousand that a user made with the longest paths. */
#define MAX_TABLE (16 * 1024 * 1024)

struct _PfTree
{
  gatomicrefcount references;
  int roots[PF_TREE_N_ROOTS];
  int witness;
  guint deadline;
  PfPending *pending;
  gpointer companion;
  GDestroyNotify free_companion;
};

static const char *const root_names[PF_TREE_N_ROOTS] = {
  [PF_TREE_SYS] = "/sys",
  [PF_TREE_DEV] = "/dev",
  [PF_TREE_PROC] = "/proc",
  [PF_TREE_UDEV] = "/run/udev/data",
  [PF_TREE_ETC] = "/etc",
  [PF_TREE_MODPROBE_RUN] = "/run/modprobe.d",
  [PF_TREE_MODPROBE_LOCAL] = "/usr/local/lib/modprobe.d",
  [PF_TREE_MODPROBE_USR] = "/usr/lib/modprobe.d",
  [PF_TREE_MODPROBE_LIB] = "/lib/modprobe.d",
};

/**
 * pf_tree_set_error:
 * @error: where to put the error
 * @number: an errno
 * @writing: whether something was to be written
 * @root: where
 * @path: of what could not be opened, read or written
 *
 * The one place where an errno of the kernel's file systems becomes a PfError.
 */
void
pf_tree_set_error (GError **error, int number, gboolean writing, PfTreeRoot root, const char *path)
{
  const char *verb = writing ? "written" : "read";
  PfError code = writing ? PF_ERROR_WRITE_FAILED : PF_ERROR_FAILED;
  g_autofree char *reason = NULL;

  switch (number)
    {
    case ENOENT:
    case ENODEV:
    case ENXIO:
      code = PF_ERROR_NO_SUCH_DEVICE;
      reason = g_strdup ("there is no such device or attribute, or it is gone");
      break;
    case EROFS:
      code = PF_ERROR_READ_ONLY;
      reason = g_strdup ("this board is a saved copy, or is mounted read-only");
      break;
    case EBUSY:
      if (root == PF_TREE_DEV)
        code = PF_ERROR_HELD;
      reason = g_strdup ("it is in use");
      break;
    case EACCES:
    case EPERM:
      reason = g_strdup ("the kernel does not permit it");
      break;
    case EXDEV:
    case ELOOP:
      reason = g_strdup ("it leads to another place");
      break;
    default:
      reason = g_strdup (g_strerror (number));
      break;
    }
  g_set_error (error, PF_ERROR, (int) code, "%s/%s cannot be %s: %s.", root_names[root], path, verb, reason);
}

/**
 * pf_tree_new:
 * @sys: where sysfs is; normally "/sys"
 * @dev: (nullable): where the device nodes are; NULL for nowhere
 * @proc: (nullable): where procfs is; NULL for nowhere
 * @error: PF_ERROR_NO_SUCH_DEVICE or PF_ERROR_FAILED when one of them cannot be opened
 *
 * Returns: (transfer full): the tree
 */
PfTree *
pf_tree_new (const char *sys, const char *dev, const char *proc, GError **error)
{
  g_autoptr (PfTree) tree = g_new0 (PfTree, 1);
  const char *const paths[PF_TREE_N_ROOTS] = {
    [PF_TREE_SYS] = sys,
    [PF_TREE_DEV] = dev,
    [PF_TREE_PROC] = proc,
  };

  g_atomic_ref_count_init (&tree->references);
  tree->witness = -1;
  tree->pending = pf_pending_new ();
  for (guint root = 0; root < PF_TREE_N_ROOTS; root++)
    tree->roots[root] = -1;
  for (guint root = 0; root < PF_TREE_N_ROOTS; root++)
    {
      if (paths[root] == NULL)
        continue;
      tree->roots[root] = open (paths[root], O_PATH | O_DIRECTORY | O_CLOEXEC);
      if (tree->roots[root] < 0)
        {
          int number = errno;

          g_set_error (error, PF_ERROR, number == ENOENT ? PF_ERROR_NO_SUCH_DEVICE : PF_ERROR_FAILED,
                       "“%s”, which stands for %s, cannot be opened: %s.", paths[root], root_names[root],
                       g_strerror (number));
          return NULL;
        }
    }
  return g_steal_pointer (&tree);
}

/**
 * pf_tree_set_udev:
 * @tree: a tree without udev's database
 * @udev: where that is; normally "/run/udev/data"
 *
 * Where there is no udev, the database stays empty.
 */
void
pf_tree_set_udev (PfTree *tree, const char *udev)
{
  tree->roots[PF_TREE_UDEV] = open (udev, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/**
 * pf_tree_set_etc:
 * @tree: a tree without the machine's configuration
 * @etc: where that is; normally "/etc"
 *
 * Only what other programs that move drivers are told there is read: modprobe and driverctl.
 */
void
pf_tree_set_etc (PfTree *tree, const char *etc)
{
  tree->roots[PF_TREE_ETC] = open (etc, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/**
 * pf_tree_set_modprobe:
 * @tree: a tree without that folder
 * @number: which of modprobe's folders beside the one in /etc, below PF_TREE_N_MODPROBE, in the order in which they count
 * @folder: where that is; normally "/run/modprobe.d" and so on
 *
 * Where there is none, it stays empty.
 */
void
pf_tree_set_modprobe (PfTree *tree, guint number, const char *folder)
{
  tree->roots[PF_TREE_MODPROBE_RUN + number] = open (folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/**
 * pf_tree_new_below:
 * @tree: a tree
 * @path: a directory of its PF_TREE_SYS
 *
 * For reading much from one place: each element of a path has to be looked up again for each file.
 *
 * Returns: (transfer full) (nullable): a tree with @path as its PF_TREE_SYS and nothing else; NULL with errno
 * set
 */
PfTree *
pf_tree_new_below (PfTree *tree, const char *path)
{
  int descriptor = pf_tree_open_quiet (tree, PF_TREE_SYS, path, O_PATH | O_DIRECTORY);
  PfTree *below;

  if (descriptor < 0)
    return NULL;
  below = g_new0 (PfTree, 1);
  g_atomic_ref_count_init (&below->references);
  below->witness = -1;
  below->pending = pf_pending_new ();
  for (guint root = 0; root < PF_TREE_N_ROOTS; root++)
    below->roots[root] = -1;
  below->roots[PF_TREE_SYS] = descriptor;
  return below;
}

PfTree *
pf_tree_ref (PfTree *tree)
{
  g_atomic_ref_count_inc (&tree->references);
  return tree;
}

void
pf_tree_unref (PfTree *tree)
{
  if (!g_atomic_ref_count_dec (&tree->references))
    return;
  if (tree->free_companion != NULL)
    tree->free_companion (tree->companion);
  for (guint root = 0; root < PF_TREE_N_ROOTS; root++)
    if (tree->roots[root] >= 0)
      close (tree->roots[root]);
  pf_pending_free (tree->pending);
  g_free (tree);
}

/**
 * pf_tree_set_witness:
 * @descriptor: of a lock; stays the caller's
 *
 * Processes that write to the tree keep it open, and so show that they are there even when their parent is gone.
 */
void
pf_tree_set_witness (PfTree *tree, int descriptor)
{
  tree->witness = descriptor;
}

/**
 * pf_tree_set_deadline:
 * @deadline: milliseconds that a write may take, whatever it is; 0 for the usual
 */
void
pf_tree_set_deadline (PfTree *tree, guint deadline)
{
  tree->deadline = deadline;
}

/**
 * pf_tree_get_deadline:
 * @usual: how many milliseconds such a write may take
 *
 * Returns: how many it may take on this tree
 */
guint
pf_tree_get_deadline (const PfTree *tree, guint usual)
{
  return tree->deadline != 0 ? tree->deadline : usual;
}

/**
 * pf_tree_get_pending:
 *
 * Returns: (transfer none): what its kernel has not answered yet
 */
PfPending *
pf_tree_get_pending (PfTree *tree)
{
  return tree->pending;
}

/**
 * pf_tree_close_others_quiet:
 * @keep: a descriptor that stays open
 * @is_witness: whether the child is to show that it is there; see pf_tree_set_witness()
 *
 * For a child that may be stuck for ever: closes all that it got from its parent but standard input, output and error,
 * the tree itself, and @keep. Does nothing but system calls.
 */
void
pf_tree_close_others_quiet (PfTree *tree, int keep, gboolean is_witness)
{
  guint first = STDERR_FILENO + 1;

  for (;;)
    {
      guint next = keep >= (int) first ? (guint) keep : G_MAXUINT;

      for (guint root = 0; root < PF_TREE_N_ROOTS; root++)
        if (tree->roots[root] >= (int) first && (guint) tree->roots[root] < next)
          next = (guint) tree->roots[root];
      if (is_witness && tree->witness >= (int) first && (guint) tree->witness < next)
        next = (guint) tree->witness;
      if (next > first)
        close_range (first, next == G_MAXUINT ? G_MAXUINT : next - 1, 0);
      if (next == G_MAXUINT)
        return;
      first = next + 1;
    }
}

/**
 * pf_tree_set_companion:
 * @tree: a tree
 * @companion: (transfer full): ends with the tree
 * @free_companion: frees it
 *
 * For pf-override.c, which keeps a process for the tree's questions.
 */
void
pf_tree_set_companion (PfTree *tree, gpointer companion, GDestroyNotify free_companion)
{
  tree->companion = companion;
  tree->free_companion = free_companion;
}

/**
 * pf_tree_get_companion:
 * @tree: a tree
 *
 * Returns: (transfer none) (nullable): see pf_tree_set_companion()
 */
gpointer
pf_tree_get_companion (PfTree *tree)
{
  return tree->companion;
}

/**
 * pf_tree_open_quiet:
 * @root: which file system
 * @path: relative to it
 * @flags: as for open(); O_CLOEXEC and O_NOCTTY are added. O_CREAT is not for sysfs and fails
 *
 * The one place where a path of the kernel's file systems is opened.
 *
 * Returns: a descriptor, or -1 with errno set: EXDEV when @path leads out of @root
 */
int
pf_tree_open_quiet (PfTree *tree, PfTreeRoot root, const char *path, int flags)
{
  struct open_how how = {
    .flags = (guint64) (flags | O_CLOEXEC | ((flags & O_PATH) != 0 ? 0 : O_NOCTTY)),
    .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
  };
  int descriptor;

  if (tree->roots[root] < 0)
    {
      errno = ENOENT;
      return -1;
    }
  do
    descriptor = (int) syscall (SYS_openat2, tree->roots[root], path, &how, sizeof how);
  while (descriptor < 0 && errno == EINTR);
  /* Something was renamed or mounted, anywhere on the machine, while ".." was resolved, and the kernel could not be
   * sure (handle_dots(), fs/namei.c). All of sysfs is links with "..", and asking again fails for as long as somebody
   * renames. */
  if (descriptor < 0 && errno == EAGAIN)
    descriptor = pf_walk_open (tree->roots[root], path, (int) how.flags);
  return descriptor;
}

/**
 * pf_tree_open:
 * @root: which file system
 * @path: relative to it
 * @flags: as for pf_tree_open_quiet()
 * @error: see pf_tree_set_error()
 *
 * Returns: a descriptor, or -1 with @error set
 */
int
pf_tree_open (PfTree *tree, PfTreeRoot root, const char *path, int flags, GError **error)
{
  int descriptor = pf_tree_open_quiet (tree, root, path, flags);

  if (descriptor < 0)
    pf_tree_set_error (error, errno, (flags & O_ACCMODE) != O_RDONLY, root, path);
  return descriptor;
}

/* Returns how many bytes there were, or -1 with errno set. Asks no second time after a short answer: that is
 * the end of an attribute, and each question costs as much as the first. */
static gssize
read_attribute (int descriptor, goffset offset, void *buffer, gsize size)
{
  gsize done = 0;

  while (done < size)
    {
      gssize count = pread (descriptor, (char *) buffer + done, size - done, offset + (goffset) done);

      if (count < 0 && errno == EINTR)
        continue;
      if (count < 0)
        return done > 0 ? (gssize) done : -1;
      done += (gsize) count;
      if (count == 0 || done % MAX_TEXT != 0)
        break;
    }
  return (gssize) done;
}

/**
 * pf_tree_read_bytes:
 * @root: which file system
 * @path: relative to it
 * @offset: where to begin
 * @buffer: (out): where they go
 * @size: at most so many
 *
 * Returns: how many bytes were read, fewer than @size where the file ends before; -1 with errno set
 */
gssize
pf_tree_read_bytes (PfTree *tree, PfTreeRoot root, const char *path, goffset offset, void *buffer, gsize size)
{
  /* O_NONBLOCK: in a saved copy anything can stand here, a FIFO too. */
  int descriptor = pf_tree_open_quiet (tree, root, path, O_RDONLY | O_NONBLOCK);
  gssize count;
  int number;

  if (descriptor < 0)
    return -1;
  count = read_attribute (descriptor, offset, buffer, size);
  number = errno;
  close (descriptor);
  errno = number;
  return count;
}

/**
 * pf_tree_read_text:
 * @root: which file system
 * @path: relative to it
 *
 * Returns: (transfer full) (nullable): the first 4 KiB, as pf_text_clean() leaves them; NULL with errno set
 * when it cannot be read
 */
char *
pf_tree_read_text (PfTree *tree, PfTreeRoot root, const char *path)
{
  char buffer[MAX_TEXT];
  gssize count = pf_tree_read_bytes (tree, root, path, 0, buffer, sizeof buffer);

  return count < 0 ? NULL : pf_text_clean (buffer, (gsize) count);
}

/**
 * pf_tree_read_table:
 * @root: which file system
 * @path: relative to it
 *
 * For what is longer than an attribute, and comes in pieces: the tables in /proc.
 *
 * Returns: (transfer full) (nullable): its bytes as they are, 16 MiB at most; NULL with errno set when it cannot be read
 */
char *
pf_tree_read_table (PfTree *tree, PfTreeRoot root, const char *path)
{
  int descriptor = pf_tree_open_quiet (tree, root, path, O_RDONLY | O_NONBLOCK);
  g_autoptr (GString) text = NULL;
  char buffer[MAX_TEXT];
  gssize count;

  if (descriptor < 0)
    return NULL;
  text = g_string_new (NULL);
  while (text->len < MAX_TABLE)
    {
      count = read (descriptor, buffer, sizeof buffer);
      if (count < 0 && errno == EINTR)
        continue;
      if (count <= 0)
        break;
      g_string_append_len (text, buffer, count);
    }
  close (descriptor);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * pf_tree_read_uint:
 * @root: which file system
 * @path: relative to it
 * @base: 10 or 16; with 16 a "0x" may stand in front
 * @value: (out): the number; untouched on failure
 *
 * Returns: whether the attribute could be read and is a number
 */
gboolean
pf_tree_read_uint (PfTree *tree, PfTreeRoot root, const char *path, guint base, guint64 *value)
{
  g_autofree char *text = pf_tree_read_text (tree, root, path);
  const char *digits = text;

  if (text == NULL)
    return FALSE;
  if (base == 16 && g_str_has_prefix (text, "0x"))
    digits += strlen ("0x");
  return g_ascii_string_to_unsigned (digits, base, 0, G_MAXUINT64, value, NULL);
}

/**
 * pf_tree_read_link:
 * @root: which file system
 * @path: relative to it; its last element is the link, and is not followed
 *
 * Returns: (transfer full) (nullable): what the link says, as it says it; NULL with errno set when it is no
 * link
 */
char *
pf_tree_read_link (PfTree *tree, PfTreeRoot root, const char *path)
{
  int descriptor = pf_tree_open_quiet (tree, root, path, O_PATH | O_NOFOLLOW);
  char target[MAX_TEXT];
  gssize length;
  int number;

  if (descriptor < 0)
    return NULL;
  length = readlinkat (descriptor, "", target, sizeof target);
  number = errno;
  close (descriptor);
  errno = number == ENOENT ? EINVAL : number;
  return length <= 0 ? NULL : pf_text_clean (target, (gsize) length);
}

/**
 * pf_tree_read_link_name:
 * @root: which file system
 * @path: relative to it
 *
 * Returns: (transfer full) (nullable): the last element of where the link leads, for example the driver's
 * name for a device's "driver"; NULL when it is no link
 */
char *
pf_tree_read_link_name (PfTree *tree, PfTreeRoot root, const char *path)
{
  g_autofree char *target = pf_tree_read_link (tree, root, path);

  return target == NULL ? NULL : g_path_get_basename (target);
}

/* The kernel names everything in printable ASCII; what is named otherwise is not from the kernel. */
static gboolean
name_is_plain (const char *name)
{
  for (const char *c = name; *c != '\0'; c++)
    if (!g_ascii_isprint (*c))
      return FALSE;
  return name[0] != '.';
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/**
 * pf_tree_list:
 * @root: which file system
 * @path: relative to it
 *
 * Returns: (transfer full) (element-type utf8): the names in a directory, sorted as bytes; empty when there
 * is no such directory. Names that no kernel gives are left out
 */
GPtrArray *
pf_tree_list (PfTree *tree, PfTreeRoot root, const char *path)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  int descriptor = pf_tree_open_quiet (tree, root, path, O_RDONLY | O_DIRECTORY);
  DIR *directory = descriptor < 0 ? NULL : fdopendir (descriptor);
  const struct dirent *entry;

  if (directory == NULL)
    {
      if (descriptor >= 0)
        close (descriptor);
      return names;
    }
  while (names->len < MAX_ENTRIES && (entry = readdir (directory)) != NULL)
    if (name_is_plain (entry->d_name))
      g_ptr_array_add (names, g_strdup (entry->d_name));
  closedir (directory);
  g_ptr_array_sort (names, compare_names);
  return names;
}

/**
 * pf_tree_stat:
 * @root: which file system
 * @path: relative to it; links are followed
 * @status: (out): as from fstat()
 *
 * Returns: whether there is something, else errno is set
 */
gboolean
pf_tree_stat (PfTree *tree, PfTreeRoot root, const char *path, struct stat *status)
{
  int descriptor = pf_tree_open_quiet (tree, root, path, O_PATH);
  int result;

  if (descriptor < 0)
    return FALSE;
  result = fstat (descriptor, status);
  close (descriptor);
  return result == 0;
}
