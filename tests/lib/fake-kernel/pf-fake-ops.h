/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sys/types.h>

#include "pf-fake-kernel.h"

G_BEGIN_DECLS

typedef enum
{
  PF_FAKE_OP_READ,
  PF_FAKE_OP_WRITE,
  PF_FAKE_OP_CHOWN,
  PF_FAKE_OP_CHMOD,
} PfFakeOp;

/* Answers a call: @result is a count of bytes, 0, or a negative errno. The call is freed afterwards. */
typedef void (*PfFakeReply) (PfFakeCall *call, gssize result);

/**
 * PfFakeCall:
 * @node: what it is about
 * @privileged: the caller counts as root
 * @pid: the caller, as the kernel names it
 * @data: bytes to write, with a NUL behind them; for reads the text so far
 * @size: bytes to write, or room to read
 * @new_uid: for PF_FAKE_OP_CHOWN; (uid_t) -1 for no change; likewise @new_gid
 * @new_mode: for PF_FAKE_OP_CHMOD
 * @unlogged: not part of the kernel: neither logged nor met by faults
 * @number: in the log; 0 when it is not logged
 * @kill_after: a fault: @victim, a PfFakeVictim, dies once it is done
 *
 * One request to the fake kernel.
 */
struct _PfFakeCall
{
  PfFakeKernel *kernel;
  PfFakeOp op;
  PfFakeNode *node;
  char *path;
  gboolean privileged;
  uid_t uid;
  pid_t pid;
  char *data;
  gsize size;
  goffset offset;
  uid_t new_uid;
  gid_t new_gid;
  mode_t new_mode;
  gboolean unlogged;
  guint number;
  gboolean kill_after;
  int victim;
  PfFakeReply reply;
  gpointer reply_data;
};

/* Who dies: the process that makes the call, its parent, or all of its process group. */
typedef enum
{
  PF_FAKE_VICTIM_CALLER,
  PF_FAKE_VICTIM_PARENT,
  PF_FAKE_VICTIM_GROUP,
} PfFakeVictim;

PfFakeOps *pf_fake_ops_new (void);
void pf_fake_ops_free (PfFakeOps *ops);

PfFakeCall *pf_fake_call_new (PfFakeKernel *kernel, PfFakeOp op, PfFakeNode *node);
char *pf_fake_call_get_word (const PfFakeCall *call);
void pf_fake_ops_submit (PfFakeOps *ops, PfFakeCall *call);
void pf_fake_ops_wake (PfFakeOps *ops);
void pf_fake_ops_append_log (PfFakeOps *ops, GString *text);
void pf_fake_ops_clear_log (PfFakeOps *ops);
gboolean pf_fake_ops_fail (PfFakeOps *ops, const char *match, const char *effect, guint count, guint after);
void pf_fake_ops_kill (PfFakeOps *ops, const char *match, PfFakeVictim victim, gboolean before, guint after);
void pf_fake_ops_block (PfFakeOps *ops, const char *match, guint count, guint after);
void pf_fake_ops_unblock (PfFakeOps *ops);

G_END_DECLS
