/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <glib.h>

G_BEGIN_DECLS

/* The user who counts as root in the fake kernel of a test, and one who does not. */
#define PF_FAKE_MOUNT_ROOT_UID 4321
#define PF_FAKE_MOUNT_OTHER_UID 4322

/**
 * PfFakeMount:
 * @path: the mount point
 *
 * A fake kernel that runs for one test.
 */
typedef struct
{
  char *path;
  char *board;
  GPid pid;
} PfFakeMount;

void pf_fake_mount_enter_namespaces (void);
PfFakeMount *pf_fake_mount_start (const char *board);
PfFakeMount *pf_fake_mount_start_text (const char *text);
char *pf_fake_mount_refuse_text (const char *text);
void pf_fake_mount_stop (PfFakeMount *mount);

char *pf_fake_mount_get_path (PfFakeMount *mount, const char *path);
char *pf_fake_mount_read (PfFakeMount *mount, const char *path);
char *pf_fake_mount_read_link (PfFakeMount *mount, const char *path);
gboolean pf_fake_mount_has (PfFakeMount *mount, const char *path);
int pf_fake_mount_write (PfFakeMount *mount, const char *path, const char *text);
int pf_fake_mount_tell (PfFakeMount *mount, const char *format, ...) G_GNUC_PRINTF (2, 3);
guint32 pf_fake_mount_read_register (PfFakeMount *mount, const char *address, guint offset);
int pf_fake_mount_write_register (PfFakeMount *mount, const char *address, guint offset, guint32 value);
char *pf_fake_mount_get_driver (PfFakeMount *mount, const char *address);
gboolean pf_fake_mount_wait_for (PfFakeMount *mount, const char *path, gboolean present);
pid_t pf_fake_mount_write_in_child (PfFakeMount *mount, uid_t uid, const char *path, const char *text);
gboolean pf_fake_mount_has_ended (pid_t child, guint milliseconds, int *status);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfFakeMount, pf_fake_mount_stop)

G_END_DECLS
