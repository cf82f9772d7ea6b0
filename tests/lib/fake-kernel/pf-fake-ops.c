/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fake-ops.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef enum
{
  FAULT_FAIL,
  FAULT_SHORT,
  FAULT_IGNORE,
  FAULT_BLOCK,
  FAULT_KILL_BEFORE,
  FAULT_KILL_AFTER,
} FaultKind;

/* Meets the calls that match @after more calls have matched, @count times; 0 is for ever. */
typedef struct
{
  FaultKind kind;
  GPatternSpec *match;
  PfFakeVictim victim;
  int error;
  guint after;
  guint count;
} Fault;

/**
 * PfFakeOps:
 * @log: (element-type utf8): a line for each change that was asked for
 * @faults: (element-type Fault): in the order in which they were set
 * @waiting: (element-type PfFakeCall): calls that the kernel cannot answer yet
 * @blocked: (element-type PfFakeCall): calls held up by a block fault
 */
struct _PfFakeOps
{
  GPtrArray *log;
  guint last_number;
  GPtrArray *faults;
  GPtrArray *waiting;
  GPtrArray *blocked;
};

static const struct
{
  const char *name;
  int error;
} errors[] = {
  { "EPERM", EPERM },   { "ENOENT", ENOENT }, { "EIO", EIO },
  { "EAGAIN", EAGAIN }, { "EACCES", EACCES }, { "EBUSY", EBUSY },
  { "EEXIST", EEXIST }, { "ENODEV", ENODEV }, { "EINVAL", EINVAL },
  { "ENOSPC", ENOSPC }, { "EFBIG", EFBIG },   { "EROFS", EROFS },
  { "ENOMEM", ENOMEM }, { "EINTR", EINTR },   { "ETIMEDOUT", ETIMEDOUT },
};

static const char *const op_names[] = { "read", "write", "chown", "chmod" };

static void
free_fault (gpointer fault)
{
  g_pattern_spec_free (((Fault *) fault)->match);
  g_free (fault);
}

/**
 * pf_fake_ops_new:
 *
 * Returns: (transfer full): an empty log, no faults
 */
PfFakeOps *
pf_fake_ops_new (void)
{
  PfFakeOps *ops = g_new0 (PfFakeOps, 1);

  ops->log = g_ptr_array_new_with_free_func (g_free);
  ops->faults = g_ptr_array_new_with_free_func (free_fault);
  ops->waiting = g_ptr_array_new ();
  ops->blocked = g_ptr_array_new ();
  return ops;
}

static void
free_call (PfFakeCall *call)
{
  pf_fake_node_unref (call->node);
  g_free (call->path);
  g_free (call->data);
  g_free (call);
}

static void
free_calls (GPtrArray *calls)
{
  for (guint i = 0; i < calls->len; i++)
    free_call (g_ptr_array_index (calls, i));
  g_ptr_array_unref (calls);
}

/**
 * pf_fake_ops_free:
 *
 * Calls that still wait are never answered.
 */
void
pf_fake_ops_free (PfFakeOps *ops)
{
  free_calls (ops->waiting);
  free_calls (ops->blocked);
  g_ptr_array_unref (ops->faults);
  g_ptr_array_unref (ops->log);
  g_free (ops);
}

/**
 * pf_fake_call_new:
 *
 * Returns: (transfer full): a call to fill in and submit
 */
PfFakeCall *
pf_fake_call_new (PfFakeKernel *kernel, PfFakeOp op, PfFakeNode *node)
{
  PfFakeCall *call = g_new0 (PfFakeCall, 1);

  call->kernel = kernel;
  call->op = op;
  call->node = pf_fake_node_ref (node);
  call->path = pf_fake_node_get_path (node);
  return call;
}

/**
 * pf_fake_call_get_word:
 *
 * Returns: (transfer full): what was written, without the newline at its end, as sysfs_streq() takes it
 */
char *
pf_fake_call_get_word (const PfFakeCall *call)
{
  gsize length = strnlen (call->data, call->size);

  if (length > 0 && call->data[length - 1] == '\n')
    length--;
  return g_strndup (call->data, length);
}

static const char *
name_error (int error)
{
  for (guint i = 0; i < G_N_ELEMENTS (errors); i++)
    if (errors[i].error == error)
      return errors[i].name;
  return "error";
}

static char *
describe_data (const PfFakeCall *call)
{
  GString *text = g_string_new (NULL);
  g_autofree char *bytes = NULL;

  if (call->op == PF_FAKE_OP_CHOWN)
    g_string_printf (text, "%d:%d", (int) call->new_uid, (int) call->new_gid);
  else if (call->op == PF_FAKE_OP_CHMOD)
    g_string_printf (text, "%04o", call->new_mode & 07777);
  else if (call->node->attribute != NULL && call->node->attribute->pread != NULL)
    {
      g_string_printf (text, "0x%02x:", (guint) call->offset);
      for (gsize i = 0; i < call->size; i++)
        g_string_append_printf (text, "%02x", (guint8) call->data[i]);
    }
  else
    {
      bytes = g_strndup (call->data, call->size);
      g_string_free (text, TRUE);
      return g_strescape (bytes, NULL);
    }
  return g_string_free (text, FALSE);
}

/* The result is put in once it is known, so that a call that hangs shows as such. */
static void
log_call (PfFakeOps *ops, PfFakeCall *call)
{
  g_autofree char *data = describe_data (call);

  call->number = ++ops->last_number;
  g_ptr_array_add (ops->log, g_strdup_printf ("%u\t%u\t%s\t%s\t%s\t", call->number, call->uid,
                                              op_names[call->op], call->path, data));
}

static void
log_result (PfFakeOps *ops, const PfFakeCall *call, gssize result)
{
  for (guint i = ops->log->len; i > 0; i--)
    {
      char *line = g_ptr_array_index (ops->log, i - 1);

      if (strtoul (line, NULL, 10) == call->number)
        {
          ops->log->pdata[i - 1] = g_strconcat (line, result < 0 ? name_error (-result) : "ok", NULL);
          g_free (line);
          return;
        }
    }
}

static gssize
change_owner (PfFakeCall *call)
{
  if (!call->privileged)
    return -EPERM;
  if (call->new_uid != (uid_t) -1)
    call->node->uid = call->new_uid;
  if (call->new_gid != (gid_t) -1)
    call->node->gid = call->new_gid;
  return 0;
}

static gssize
change_mode (PfFakeCall *call)
{
  if (!call->privileged && call->uid != call->node->uid)
    return -EPERM;
  call->node->mode = (call->node->mode & S_IFMT) | (call->new_mode & 07777);
  return 0;
}

static gssize
read_node (PfFakeCall *call)
{
  const PfFakeAttribute *attribute = call->node->attribute;
  g_autoptr (GString) text = g_string_new (NULL);
  int result = 0;

  if (attribute == NULL)
    g_string_append_len (text, call->node->text, (gssize) call->node->length);
  else if (attribute->pread != NULL)
    {
      call->data = g_malloc (call->size);
      return attribute->pread (call->node->owner, call->privileged, call->data, call->size, call->offset);
    }
  else if (attribute->show != NULL)
    result = attribute->show (call->node->owner, text);
  else
    return -EIO;
  if (result != 0)
    return result;
  call->size = call->offset < (goffset) text->len ? MIN (call->size, text->len - (gsize) call->offset) : 0;
  call->data = call->size > 0 ? g_memdup2 (text->str + call->offset, call->size) : NULL;
  return call->size;
}

static gssize
write_node (PfFakeCall *call)
{
  const PfFakeAttribute *attribute = call->node->attribute;
  int result;

  if (attribute == NULL || attribute->store == NULL)
    return -EIO;
  result = attribute->store (call->node->owner, call);
  return result == 0 ? (gssize) call->size : result;
}

/* Does what @call asks for. Returns its result, or PF_FAKE_WAIT. */
static gssize
carry_out (PfFakeCall *call)
{
  if (call->node->removed)
    return -ENODEV;
  switch (call->op)
    {
    case PF_FAKE_OP_CHOWN:
      return change_owner (call);
    case PF_FAKE_OP_CHMOD:
      return change_mode (call);
    case PF_FAKE_OP_WRITE:
      return write_node (call);
    case PF_FAKE_OP_READ:
    default:
      return read_node (call);
    }
}

static pid_t
find_parent (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", pid);
  g_autofree char *text = NULL;
  const char *behind_name;
  int parent = 0;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;
  behind_name = strrchr (text, ')');
  return behind_name != NULL && sscanf (behind_name, ") %*c %d", &parent) == 1 ? parent : 0;
}

static void
kill_victim (const PfFakeCall *call, PfFakeVictim victim)
{
  pid_t who = victim == PF_FAKE_VICTIM_PARENT  ? find_parent (call->pid)
              : victim == PF_FAKE_VICTIM_GROUP ? getpgid (call->pid)
                                               : call->pid;

  if (call->pid > 1 && who > 1)
    kill (victim == PF_FAKE_VICTIM_GROUP ? -who : who, SIGKILL);
}

static void
answer (PfFakeOps *ops, PfFakeCall *call, gssize result)
{
  if (call->kill_after)
    kill_victim (call, call->victim);
  if (call->number != 0)
    log_result (ops, call, result);
  call->reply (call, result);
  free_call (call);
}

static void
attempt (PfFakeOps *ops, PfFakeCall *call)
{
  gssize result = carry_out (call);

  if (result == PF_FAKE_WAIT)
    g_ptr_array_add (ops->waiting, call);
  else
    answer (ops, call, result);
}

/* Whether the turn of @fault has come; uses it up. */
static gboolean
strike (PfFakeOps *ops, Fault *fault, const PfFakeCall *call)
{
  if (!g_pattern_spec_match_string (fault->match, call->path))
    return FALSE;
  if (fault->after > 0)
    {
      fault->after--;
      return FALSE;
    }
  if (fault->count == 1)
    fault->count = G_MAXUINT; /* spent */
  else if (fault->count == G_MAXUINT)
    return FALSE;
  else if (fault->count > 1)
    fault->count--;
  return TRUE;
}

/* Applies one fault. Returns whether the call goes on. */
static gboolean
suffer (PfFakeOps *ops, const Fault *fault, PfFakeCall *call)
{
  switch (fault->kind)
    {
    case FAULT_FAIL:
      answer (ops, call, -fault->error);
      return FALSE;
    case FAULT_IGNORE:
      answer (ops, call, call->size);
      return FALSE;
    case FAULT_BLOCK:
      g_ptr_array_add (ops->blocked, call);
      return FALSE;
    case FAULT_KILL_BEFORE:
      kill_victim (call, fault->victim);
      /* Of a parent's death the child that writes knows nothing. */
      if (fault->victim == PF_FAKE_VICTIM_PARENT)
        return TRUE;
      answer (ops, call, -EINTR);
      return FALSE;
    case FAULT_SHORT:
      call->size = (call->size + 1) / 2;
      return TRUE;
    case FAULT_KILL_AFTER:
    default:
      call->kill_after = TRUE;
      call->victim = fault->victim;
      return TRUE;
    }
}

/**
 * pf_fake_ops_submit:
 * @call: (transfer full): with its reply function set
 *
 * Logs @call if it is to change something, lets faults strike, carries it out and answers it, now or later.
 */
void
pf_fake_ops_submit (PfFakeOps *ops, PfFakeCall *call)
{
  if (call->op == PF_FAKE_OP_READ || call->unlogged)
    {
      attempt (ops, call);
      return;
    }
  log_call (ops, call);
  for (guint i = 0; i < ops->faults->len; i++)
    {
      Fault *fault = g_ptr_array_index (ops->faults, i);

      if (strike (ops, fault, call) && !suffer (ops, fault, call))
        return;
    }
  attempt (ops, call);
}

static void
try_again (PfFakeOps *ops, GPtrArray **queue)
{
  g_autoptr (GPtrArray) calls = g_steal_pointer (queue);

  *queue = g_ptr_array_new ();
  for (guint i = 0; i < calls->len; i++)
    attempt (ops, g_ptr_array_index (calls, i));
}

/**
 * pf_fake_ops_wake:
 *
 * Something has changed that a call may wait for: tries them all again.
 */
void
pf_fake_ops_wake (PfFakeOps *ops)
{
  try_again (ops, &ops->waiting);
}

/**
 * pf_fake_ops_append_log:
 *
 * Appends a line for each write, chown and chmod: number, uid, operation, path, data, result, with tabs
 * between.
 */
void
pf_fake_ops_append_log (PfFakeOps *ops, GString *text)
{
  for (guint i = 0; i < ops->log->len; i++)
    g_string_append_printf (text, "%s\n", (char *) g_ptr_array_index (ops->log, i));
}

/**
 * pf_fake_ops_clear_log:
 */
void
pf_fake_ops_clear_log (PfFakeOps *ops)
{
  g_ptr_array_set_size (ops->log, 0);
}

static Fault *
add_fault (PfFakeOps *ops, FaultKind kind, const char *match, guint count, guint after)
{
  Fault *fault = g_new0 (Fault, 1);

  fault->kind = kind;
  fault->match = g_pattern_spec_new (match);
  fault->count = count;
  fault->after = after;
  g_ptr_array_add (ops->faults, fault);
  return fault;
}

/**
 * pf_fake_ops_fail:
 * @match: pattern with * and ? for the path
 * @effect: name of an errno, "short" (half of the bytes arrive) or "ignored" (success, but nothing happens)
 * @count: how many times; 0 for ever
 * @after: how many matching calls go well before
 *
 * Returns: FALSE when there is no such effect
 */
gboolean
pf_fake_ops_fail (PfFakeOps *ops, const char *match, const char *effect, guint count, guint after)
{
  if (strcmp (effect, "short") == 0)
    return add_fault (ops, FAULT_SHORT, match, count, after) != NULL;
  if (strcmp (effect, "ignored") == 0)
    return add_fault (ops, FAULT_IGNORE, match, count, after) != NULL;
  for (guint i = 0; i < G_N_ELEMENTS (errors); i++)
    if (strcmp (effect, errors[i].name) == 0)
      {
        add_fault (ops, FAULT_FAIL, match, count, after)->error = errors[i].error;
        return TRUE;
      }
  return FALSE;
}

/**
 * pf_fake_ops_kill:
 * @victim: who gets SIGKILL
 * @before: whether it dies before anything happens, or once it has happened
 * @after: how many matching calls go well before
 */
void
pf_fake_ops_kill (PfFakeOps *ops, const char *match, PfFakeVictim victim, gboolean before, guint after)
{
  add_fault (ops, before ? FAULT_KILL_BEFORE : FAULT_KILL_AFTER, match, 1, after)->victim = victim;
}

/**
 * pf_fake_ops_block:
 *
 * @match: pattern with * and ? for the path
 * @count: how many calls; 0 for all
 * @after: how many matching calls go well before
 *
 * Matching calls hang until pf_fake_ops_unblock().
 */
void
pf_fake_ops_block (PfFakeOps *ops, const char *match, guint count, guint after)
{
  add_fault (ops, FAULT_BLOCK, match, count, after);
}

/**
 * pf_fake_ops_unblock:
 *
 * Removes all faults and lets the calls that hang go on.
 */
void
pf_fake_ops_unblock (PfFakeOps *ops)
{
  g_ptr_array_set_size (ops->faults, 0);
  try_again (ops, &ops->blocked);
}
