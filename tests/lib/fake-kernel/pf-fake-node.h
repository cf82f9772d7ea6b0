/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sys/stat.h>

#include <glib.h>

G_BEGIN_DECLS

typedef struct _PfFakeCall PfFakeCall;
typedef struct _PfFakeNode PfFakeNode;

/* What an operation returns that cannot be answered yet; it is tried again after pf_fake_ops_wake(). No count
 * of bytes is as large. */
#define PF_FAKE_WAIT G_MAXINT32

/**
 * PfFakeAttribute:
 * @name: file name
 * @mode: permission bits
 * @size: what stat() reports; 0 for a page, as sysfs does
 * @show: (nullable): appends the text; returns 0, a negative errno, or PF_FAKE_WAIT
 * @store: (nullable): acts on call->data; returns 0, a negative errno, or PF_FAKE_WAIT
 * @pread: (nullable): instead of @show, for binary files: the bytes at @offset; returns how many, or a
 * negative errno
 *
 * One kind of sysfs file. @owner is what was given to pf_fake_node_add().
 */
typedef struct
{
  const char *name;
  mode_t mode;
  gsize size;
  int (*show) (gpointer owner, GString *text);
  int (*store) (gpointer owner, PfFakeCall *call);
  gssize (*pread) (gpointer owner, gboolean privileged, char *buffer, gsize size, goffset offset);
} PfFakeAttribute;

/**
 * PfFakeNode:
 * @number: inode number, never used twice
 * @mode: type and permission bits
 * @name: within @parent
 * @parent: (nullable): NULL for the root and for a removed node
 * @children: (nullable): of a folder, in the order of their creation
 * @text: target of a link, content of a plain file
 * @length: of @text, in bytes
 * @attribute: (nullable): of other files
 * @owner: (nullable): NULL once removed
 * @lookups: how often the real kernel has been told of it and has not forgotten it
 * @removed: no longer in the tree, though somebody may still have it open
 * @twice: (nullable): of the root: the first path that was to be there twice
 * @stable: stays as long as its folder does, so that the kernel may remember the name
 *
 * A file, folder or symbolic link of the fake file system.
 */
struct _PfFakeNode
{
  grefcount references;
  guint64 number;
  mode_t mode;
  uid_t uid;
  gid_t gid;
  char *name;
  PfFakeNode *parent;
  GPtrArray *children;
  GHashTable *by_name;
  char *text;
  char *twice;
  gsize length;
  const PfFakeAttribute *attribute;
  gpointer owner;
  guint64 lookups;
  gboolean removed;
  gboolean stable;
};

PfFakeNode *pf_fake_node_new_root (void);
PfFakeNode *pf_fake_node_ref (PfFakeNode *node);
void pf_fake_node_unref (PfFakeNode *node);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfFakeNode, pf_fake_node_unref)

PfFakeNode *pf_fake_node_add_folder (PfFakeNode *parent, const char *path);
PfFakeNode *pf_fake_node_add_text (PfFakeNode *parent, const char *path, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
void pf_fake_node_mark_files_stable (PfFakeNode *folder);
PfFakeNode *pf_fake_node_add_bytes (PfFakeNode *parent, const char *path, const char *bytes, gsize length);
PfFakeNode *pf_fake_node_add_link (PfFakeNode *parent, const char *path, const char *target);
PfFakeNode *pf_fake_node_add_link_to (PfFakeNode *parent, const char *path, PfFakeNode *target);
PfFakeNode *pf_fake_node_add (PfFakeNode *parent, const PfFakeAttribute *attribute, gpointer owner);
void pf_fake_node_remove (PfFakeNode *node);
void pf_fake_node_remove_all (const GPtrArray *nodes);
void pf_fake_node_remove_path (PfFakeNode *parent, const char *path);

PfFakeNode *pf_fake_node_add_own_folder (PfFakeNode *parent, const char *path);
const char *pf_fake_node_get_twice (const PfFakeNode *root);

PfFakeNode *pf_fake_node_find (PfFakeNode *parent, const char *path);
char *pf_fake_node_get_path (PfFakeNode *node);

G_END_DECLS
