/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fake-fuse.h"

#include <errno.h>
#include <poll.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib-unix.h>

#include "pf-fake-access.h"
#include "pf-fake-control.h"
#include "pf-fake-group.h"
#include "pf-fake-ops.h"
#include "pf-fake-wire.h"

/* The kernel may remember the names of stable nodes; when one goes all the same, it is told. */
#define STABLE_SECONDS 3600.0

#define NEXT_QUESTION 1 /* milliseconds */
#define TURN 10         /* milliseconds */

/* sysfs takes no more than a page at once. */
#define PAGE 4096

struct _PfFakeFuse
{
  PfFakeKernel *kernel;
  PfFakeNode *control;
  uid_t root_uid;
  struct fuse_session *session;
  GMainLoop *loop;
  GThreadPool *forgetter;
  GHashTable *remembered;
};

/* A file that somebody has open. @group is the IOMMU group that it holds, or -1. */
typedef struct
{
  PfFakeNode *node;
  gboolean privileged;
  int group;
  pid_t pid;
} Handle;

/* A name that the kernel shall forget. */
typedef struct
{
  fuse_ino_t parent;
  char *name;
} Forgotten;

static PfFakeFuse *
get_fuse (fuse_req_t request)
{
  return fuse_req_userdata (request);
}

static PfFakeNode *
get_node (fuse_req_t request, fuse_ino_t number)
{
  return number == FUSE_ROOT_ID ? get_fuse (request)->kernel->root : (PfFakeNode *) number;
}

static fuse_ino_t
get_number (PfFakeFuse *fuse, const PfFakeNode *node)
{
  return node == fuse->kernel->root ? FUSE_ROOT_ID : (fuse_ino_t) node;
}

static gboolean
is_privileged (fuse_req_t request)
{
  return pf_fake_access_is_privileged (request, get_fuse (request)->root_uid);
}

static gboolean
may (fuse_req_t request, const PfFakeNode *node, int wanted)
{
  return pf_fake_access_is_allowed (request, get_fuse (request)->root_uid, node, wanted);
}

static gsize
get_size (const PfFakeNode *node)
{
  if (S_ISDIR (node->mode) || S_ISLNK (node->mode))
    return 0;
  return node->attribute != NULL && node->attribute->size != 0 ? node->attribute->size : PAGE;
}

static void
fill_status (const PfFakeNode *node, struct stat *status)
{
  memset (status, 0, sizeof *status);
  status->st_ino = node->number;
  status->st_mode = node->mode;
  status->st_nlink = S_ISDIR (node->mode) ? 2 : 1;
  status->st_uid = node->uid;
  status->st_gid = node->gid;
  status->st_size = get_size (node);
  status->st_blksize = PAGE;
}

/* The real kernel may ask about @node by its number from now on, removed or not. */
static void
remember (PfFakeFuse *fuse, PfFakeNode *node)
{
  if (node->lookups++ == 0)
    g_hash_table_add (fuse->remembered, pf_fake_node_ref (node));
}

static void
on_lookup (fuse_req_t request, fuse_ino_t parent, const char *name)
{
  PfFakeFuse *fuse = get_fuse (request);
  PfFakeNode *folder = get_node (request, parent);
  PfFakeNode *node = folder->by_name != NULL ? g_hash_table_lookup (folder->by_name, name) : NULL;
  struct fuse_entry_param entry = { 0 };

  if (node == NULL)
    {
      fuse_reply_err (request, ENOENT);
      return;
    }
  entry.ino = get_number (fuse, node);
  entry.entry_timeout = node->stable ? STABLE_SECONDS : 0;
  fill_status (node, &entry.attr);
  if (fuse_reply_entry (request, &entry) == 0)
    remember (fuse, node);
}

static void
forget (PfFakeFuse *fuse, fuse_ino_t number, uint64_t count)
{
  PfFakeNode *node = (PfFakeNode *) number;

  if (number == FUSE_ROOT_ID)
    return;
  node->lookups -= count;
  if (node->lookups == 0)
    g_hash_table_remove (fuse->remembered, node);
}

static void
on_forget (fuse_req_t request, fuse_ino_t number, uint64_t count)
{
  forget (get_fuse (request), number, count);
  fuse_reply_none (request);
}

static void
on_forget_multi (fuse_req_t request, size_t count, struct fuse_forget_data *forgets)
{
  for (gsize i = 0; i < count; i++)
    forget (get_fuse (request), forgets[i].ino, forgets[i].nlookup);
  fuse_reply_none (request);
}

static void
reply_status (fuse_req_t request, const PfFakeNode *node)
{
  struct stat status;

  fill_status (node, &status);
  fuse_reply_attr (request, &status, 0);
}

static void
on_getattr (fuse_req_t request, fuse_ino_t number, struct fuse_file_info *info)
{
  PfFakeNode *node = get_node (request, number);

  if (node->removed && info == NULL)
    fuse_reply_err (request, ENOENT);
  else
    reply_status (request, node);
}

static void
on_access (fuse_req_t request, fuse_ino_t number, int mask)
{
  fuse_reply_err (request, may (request, get_node (request, number), mask & (R_OK | W_OK)) ? 0 : EACCES);
}

static void
on_readlink (fuse_req_t request, fuse_ino_t number)
{
  fuse_reply_readlink (request, get_node (request, number)->text);
}

static PfFakeCall *
create_call (fuse_req_t request, PfFakeOp op, PfFakeNode *node, PfFakeReply reply)
{
  PfFakeFuse *fuse = get_fuse (request);
  PfFakeCall *call = pf_fake_call_new (fuse->kernel, op, node);
  const struct fuse_ctx *context = fuse_req_ctx (request);

  call->privileged = is_privileged (request);
  call->uid = context->uid;
  call->pid = context->pid;
  call->unlogged = node == fuse->control;
  call->reply = reply;
  call->reply_data = request;
  return call;
}

static void
reply_to_setattr (PfFakeCall *call, gssize result)
{
  if (result < 0)
    fuse_reply_err (call->reply_data, -result);
  else
    reply_status (call->reply_data, call->node);
}

static void
on_setattr (
    fuse_req_t request, fuse_ino_t number, struct stat *status, int valid, struct fuse_file_info *info)
{
  PfFakeNode *node = get_node (request, number);
  PfFakeCall *call;

  if (valid & (FUSE_SET_ATTR_UID | FUSE_SET_ATTR_GID))
    {
      call = create_call (request, PF_FAKE_OP_CHOWN, node, reply_to_setattr);
      call->new_uid = valid & FUSE_SET_ATTR_UID ? status->st_uid : (uid_t) -1;
      call->new_gid = valid & FUSE_SET_ATTR_GID ? status->st_gid : (gid_t) -1;
      pf_fake_ops_submit (call->kernel->ops, call);
    }
  else if (valid & FUSE_SET_ATTR_MODE)
    {
      call = create_call (request, PF_FAKE_OP_CHMOD, node, reply_to_setattr);
      call->new_mode = status->st_mode;
      pf_fake_ops_submit (call->kernel->ops, call);
    }
  else if (!may (request, node, W_OK))
    fuse_reply_err (request, EACCES);
  else
    reply_status (request, node); /* truncation, as "echo > file" asks for, changes nothing in sysfs */
}

static char *
read_command_name (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/comm", pid);
  char *name = NULL;

  if (g_file_get_contents (path, &name, NULL, NULL))
    return g_strchomp (name);
  return g_strdup ("unknown");
}

/* Whoever opens dev/vfio/N holds the group. */
static int
hold_group (Handle *handle, PfFakeKernel *kernel)
{
  PfFakeGroup *group = pf_fake_group_from_device (kernel, handle->node);
  g_autofree char *name = NULL;
  int result;

  if (group == NULL)
    return 0;
  name = read_command_name (handle->pid);
  result = pf_fake_group_hold (group, handle->pid, name, (const char *const[]){ name, NULL });
  if (result == 0)
    handle->group = group->id;
  return result;
}

static void
close_handle (Handle *handle, PfFakeKernel *kernel)
{
  PfFakeGroup *group = g_hash_table_lookup (kernel->groups, GINT_TO_POINTER (handle->group));

  if (group != NULL && group->holder == handle->pid)
    pf_fake_group_release (group);
  pf_fake_node_unref (handle->node);
  g_free (handle);
}

static void
on_open (fuse_req_t request, fuse_ino_t number, struct fuse_file_info *info)
{
  PfFakeFuse *fuse = get_fuse (request);
  PfFakeNode *node = get_node (request, number);
  int access = info->flags & O_ACCMODE;
  int wanted = access == O_RDONLY ? R_OK : access == O_WRONLY ? W_OK : R_OK | W_OK;
  PfFakeOpenReply reply = { 0, PF_FAKE_OPEN_DIRECT_IO | PF_FAKE_OPEN_PARALLEL_DIRECT_WRITES, 0 };
  Handle *handle;
  int result;

  if (node->removed || !may (request, node, wanted))
    {
      fuse_reply_err (request, node->removed ? ENOENT : EACCES);
      return;
    }
  handle = g_new0 (Handle, 1);
  handle->node = pf_fake_node_ref (node);
  handle->privileged = is_privileged (request);
  handle->group = -1;
  handle->pid = MAX (fuse_req_ctx (request)->pid, 1); /* 0 for a caller outside our pid namespace */
  result = hold_group (handle, fuse->kernel);
  reply.handle = (uintptr_t) handle;
  if (result == 0)
    result = fuse_reply_buf (request, (char *) &reply, sizeof reply);
  else
    fuse_reply_err (request, -result);
  if (result != 0)
    close_handle (handle, fuse->kernel);
}

static void
on_release (fuse_req_t request, fuse_ino_t number, struct fuse_file_info *info)
{
  close_handle ((Handle *) (uintptr_t) info->fh, get_fuse (request)->kernel);
  fuse_reply_err (request, 0);
}

static void
reply_to_read (PfFakeCall *call, gssize result)
{
  if (result < 0)
    fuse_reply_err (call->reply_data, -result);
  else
    fuse_reply_buf (call->reply_data, call->data, result);
}

static void
on_read (fuse_req_t request, fuse_ino_t number, size_t size, off_t offset, struct fuse_file_info *info)
{
  const Handle *handle = (const Handle *) (uintptr_t) info->fh;
  PfFakeCall *call = create_call (request, PF_FAKE_OP_READ, handle->node, reply_to_read);

  call->privileged = handle->privileged;
  call->size = size;
  call->offset = offset;
  pf_fake_ops_submit (call->kernel->ops, call);
}

static void
reply_to_write (PfFakeCall *call, gssize result)
{
  if (result < 0)
    fuse_reply_err (call->reply_data, -result);
  else
    fuse_reply_write (call->reply_data, result);
}

static void
on_write (fuse_req_t request,
          fuse_ino_t number,
          const char *data,
          size_t size,
          off_t offset,
          struct fuse_file_info *info)
{
  const Handle *handle = (const Handle *) (uintptr_t) info->fh;
  PfFakeCall *call = create_call (request, PF_FAKE_OP_WRITE, handle->node, reply_to_write);

  call->privileged = handle->privileged;
  call->size = MIN (size, PAGE);
  call->data = g_malloc (call->size + 1);
  memcpy (call->data, data, call->size);
  call->data[call->size] = '\0';
  call->offset = offset;
  pf_fake_ops_submit (call->kernel->ops, call);
}

/* What a folder held when it was opened. */
static void
on_opendir (fuse_req_t request, fuse_ino_t number, struct fuse_file_info *info)
{
  PfFakeNode *folder = get_node (request, number);
  GPtrArray *children = g_ptr_array_new_with_free_func ((GDestroyNotify) pf_fake_node_unref);

  for (guint i = 0; folder->children != NULL && i < folder->children->len; i++)
    g_ptr_array_add (children, pf_fake_node_ref (g_ptr_array_index (folder->children, i)));
  info->fh = (uintptr_t) children;
  if (fuse_reply_open (request, info) != 0)
    g_ptr_array_unref (children);
}

static void
on_readdir (fuse_req_t request, fuse_ino_t number, size_t size, off_t offset, struct fuse_file_info *info)
{
  static const char *const dots[] = { ".", ".." };
  GPtrArray *children = (GPtrArray *) (uintptr_t) info->fh;
  g_autofree char *buffer = g_malloc (size);
  gsize used = 0;

  for (guint i = offset; i < children->len + G_N_ELEMENTS (dots); i++)
    {
      const PfFakeNode *child = i < G_N_ELEMENTS (dots)
                                    ? get_node (request, number)
                                    : g_ptr_array_index (children, i - G_N_ELEMENTS (dots));
      struct stat status;
      gsize needed;

      fill_status (child, &status);
      needed = fuse_add_direntry (request, buffer + used, size - used,
                                  i < G_N_ELEMENTS (dots) ? dots[i] : child->name, &status, i + 1);
      if (needed > size - used)
        break;
      used += needed;
    }
  fuse_reply_buf (request, buffer, used);
}

static void
on_releasedir (fuse_req_t request, fuse_ino_t number, struct fuse_file_info *info)
{
  g_ptr_array_unref ((GPtrArray *) (uintptr_t) info->fh);
  fuse_reply_err (request, 0);
}

/* sysfs has no way to make or remove files; that is what it answers. */
static void
on_create (fuse_req_t request, fuse_ino_t parent, const char *name, mode_t mode, struct fuse_file_info *info)
{
  fuse_reply_err (request, EACCES);
}

static void
on_unlink (fuse_req_t request, fuse_ino_t parent, const char *name)
{
  fuse_reply_err (request, EPERM);
}

static void
on_mkdir (fuse_req_t request, fuse_ino_t parent, const char *name, mode_t mode)
{
  fuse_reply_err (request, EPERM);
}

/* A link leads where it leads for as long as it is there; another one of the same name is another node. */
static void
on_init (void *data, struct fuse_conn_info *connection)
{
  if ((connection->capable & FUSE_CAP_CACHE_SYMLINKS) != 0)
    connection->want |= FUSE_CAP_CACHE_SYMLINKS;
}

static const struct fuse_lowlevel_ops operations = {
  .init = on_init,
  .lookup = on_lookup,
  .forget = on_forget,
  .forget_multi = on_forget_multi,
  .getattr = on_getattr,
  .setattr = on_setattr,
  .access = on_access,
  .readlink = on_readlink,
  .open = on_open,
  .release = on_release,
  .read = on_read,
  .write = on_write,
  .opendir = on_opendir,
  .readdir = on_readdir,
  .releasedir = on_releasedir,
  .create = on_create,
  .unlink = on_unlink,
  .rmdir = on_unlink,
  .mkdir = on_mkdir,
};

/* In a thread of its own: the kernel may hold the folder's lock until one of our answers arrives. */
static void
forget_name (gpointer data, gpointer session)
{
  Forgotten *forgotten = data;

  fuse_lowlevel_notify_inval_entry (session, forgotten->parent, forgotten->name, strlen (forgotten->name));
  g_free (forgotten->name);
  g_free (forgotten);
}

static void
on_kernel_forget (PfFakeNode *parent, PfFakeNode *node, gpointer data)
{
  PfFakeFuse *fuse = data;
  Forgotten *forgotten = g_new0 (Forgotten, 1);

  forgotten->parent = get_number (fuse, parent);
  forgotten->name = g_strdup (node->name);
  g_thread_pool_push (fuse->forgetter, forgotten, NULL);
}

/**
 * pf_fake_fuse_mount:
 * @kernel: what to show; must outlive the mount
 * @mount_point: an empty folder
 * @root_uid: the user who counts as root, beside root
 *
 * Returns: (transfer full): the mount, not served yet; NULL with @error set
 */
PfFakeFuse *
pf_fake_fuse_mount (PfFakeKernel *kernel, const char *mount_point, uid_t root_uid, GError **error)
{
  g_autoptr (PfFakeFuse) fuse = g_new0 (PfFakeFuse, 1);
  struct fuse_args args = FUSE_ARGS_INIT (0, NULL);

  fuse->kernel = kernel;
  fuse->root_uid = root_uid;
  fuse->remembered = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) pf_fake_node_unref, NULL);
  fuse->control = pf_fake_control_add_file (kernel);
  fuse_opt_add_arg (&args, "portferry-fake-kernel");
  fuse_opt_add_arg (&args, "-oallow_other,fsname=portferry-fake-kernel");
  fuse->session = fuse_session_new (&args, &operations, sizeof operations, fuse);
  fuse_opt_free_args (&args);
  if (fuse->session == NULL || fuse_session_mount (fuse->session, mount_point) != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   "%s: cannot mount here (as root, and with /dev/fuse?)", mount_point);
      return NULL;
    }
  return g_steal_pointer (&fuse);
}

/**
 * pf_fake_fuse_detach:
 *
 * Goes on in the background, unless told otherwise. No threads may have been started.
 */
gboolean
pf_fake_fuse_detach (gboolean foreground)
{
  return fuse_daemonize (foreground) == 0;
}

/* Answers all that is asked now. */
static int
answer_all (PfFakeFuse *fuse)
{
  static struct fuse_buf buffer;
  int result;

  do
    {
      result = fuse_session_receive_buf (fuse->session, &buffer);
      if (result > 0)
        fuse_session_process_buf (fuse->session, &buffer);
    }
  while (result > 0 || result == -EINTR);
  return result;
}

/* Most questions come one by one, each when the one before is answered. To go through the main loop for each would
 * double what they cost, so the next is waited for here, but never for long: the rest of the loop has its turn. */
static gboolean
on_readable (int descriptor, GIOCondition condition, gpointer data)
{
  PfFakeFuse *fuse = data;
  struct pollfd next = { .fd = descriptor, .events = POLLIN };
  gint64 end = g_get_monotonic_time () + TURN * 1000;
  int result;

  do
    result = answer_all (fuse);
  while (result == -EAGAIN && poll (&next, 1, NEXT_QUESTION) == 1 && g_get_monotonic_time () < end);
  if (result == -EAGAIN)
    return G_SOURCE_CONTINUE;
  g_main_loop_quit (fuse->loop); /* somebody has unmounted us */
  return G_SOURCE_REMOVE;
}

static gboolean
on_signal (gpointer data)
{
  g_main_loop_quit (((PfFakeFuse *) data)->loop);
  return G_SOURCE_CONTINUE;
}

/**
 * pf_fake_fuse_run:
 *
 * Serves the mount until a signal arrives or somebody unmounts it.
 */
void
pf_fake_fuse_run (PfFakeFuse *fuse)
{
  int descriptor = fuse_session_fd (fuse->session);

  signal (SIGPIPE, SIG_IGN);
  fuse->loop = g_main_loop_new (NULL, FALSE);
  fuse->forgetter = g_thread_pool_new (forget_name, fuse->session, 1, FALSE, NULL);
  fuse->kernel->forget = on_kernel_forget;
  fuse->kernel->forget_data = fuse;
  g_unix_set_fd_nonblocking (descriptor, TRUE, NULL);
  g_unix_fd_add (descriptor, G_IO_IN | G_IO_ERR | G_IO_HUP, on_readable, fuse);
  g_unix_signal_add (SIGTERM, on_signal, fuse);
  g_unix_signal_add (SIGINT, on_signal, fuse);
  g_main_loop_run (fuse->loop);
  fuse->kernel->forget = NULL;
}

/**
 * pf_fake_fuse_free:
 *
 * Unmounts.
 */
void
pf_fake_fuse_free (PfFakeFuse *fuse)
{
  if (fuse->session != NULL)
    fuse_session_unmount (fuse->session);
  if (fuse->forgetter != NULL)
    g_thread_pool_free (fuse->forgetter, FALSE, TRUE);
  g_clear_pointer (&fuse->session, fuse_session_destroy);
  g_clear_pointer (&fuse->loop, g_main_loop_unref);
  g_clear_pointer (&fuse->remembered, g_hash_table_unref);
  g_free (fuse);
}
