/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a board says of disks, network interfaces, graphics and sound cards. */

#include "pf-fake-board-class.h"

#include "pf-fake-keys.h"

#define FIELD(type, field) G_STRUCT_OFFSET (type, field)

static const PfFakeKey disk_keys[] = {
  { "on", PF_FAKE_KEY_STRING, FIELD (PfFakeDisk, on), NULL, TRUE },
  { "also", PF_FAKE_KEY_NAMES, FIELD (PfFakeDisk, also), NULL, FALSE },
  { "label", PF_FAKE_KEY_STRING, FIELD (PfFakeDisk, label), NULL, FALSE },
  { "pool", PF_FAKE_KEY_NAME, FIELD (PfFakeDisk, pool), NULL, FALSE },
  { "mount", PF_FAKE_KEY_LIST, FIELD (PfFakeDisk, mount), NULL, FALSE },
  { "file-system", PF_FAKE_KEY_STRING, FIELD (PfFakeDisk, file_system), NULL, FALSE },
  { "swap", PF_FAKE_KEY_BOOLEAN, FIELD (PfFakeDisk, swap), NULL, FALSE },
  { "pool-type", PF_FAKE_KEY_STRING, FIELD (PfFakeDisk, pool_type), "btrfs|bcachefs|zfs", FALSE },
  { "model", PF_FAKE_KEY_STRING, FIELD (PfFakeDisk, model), NULL, FALSE },
  { "size", PF_FAKE_KEY_NUMBER, FIELD (PfFakeDisk, size), "0..1000000", FALSE },
  { "file", PF_FAKE_KEY_STRING, FIELD (PfFakeDisk, backing_file), NULL, FALSE },
  { NULL, 0, 0, NULL, FALSE },
};

static const PfFakeKey net_keys[] = {
  { "on", PF_FAKE_KEY_STRING, FIELD (PfFakeNet, on), NULL, TRUE },
  { "default-route", PF_FAKE_KEY_BOOLEAN, FIELD (PfFakeNet, default_route), NULL, FALSE },
  { "state", PF_FAKE_KEY_STRING, FIELD (PfFakeNet, state), "up|down", FALSE },
  { NULL, 0, 0, NULL, FALSE },
};

static const PfFakeKey drm_keys[] = {
  { "on", PF_FAKE_KEY_STRING, FIELD (PfFakeDrm, on), NULL, TRUE },
  { "connected", PF_FAKE_KEY_NAMES, FIELD (PfFakeDrm, connected), NULL, FALSE },
  { "disconnected", PF_FAKE_KEY_NAMES, FIELD (PfFakeDrm, disconnected), NULL, FALSE },
  { NULL, 0, 0, NULL, FALSE },
};

static const PfFakeKey sound_keys[] = {
  { "on", PF_FAKE_KEY_STRING, FIELD (PfFakeSound, on), NULL, TRUE },
  { "id", PF_FAKE_KEY_STRING, FIELD (PfFakeSound, id), NULL, FALSE },
  { NULL, 0, 0, NULL, FALSE },
};

void
pf_fake_board_free_disk (gpointer disk)
{
  g_free (((PfFakeDisk *) disk)->name);
  pf_fake_keys_clear (disk_keys, disk);
  g_free (disk);
}

void
pf_fake_board_free_net (gpointer net)
{
  g_free (((PfFakeNet *) net)->name);
  pf_fake_keys_clear (net_keys, net);
  g_free (net);
}

void
pf_fake_board_free_drm (gpointer drm)
{
  g_free (((PfFakeDrm *) drm)->name);
  pf_fake_keys_clear (drm_keys, drm);
  g_free (drm);
}

void
pf_fake_board_free_sound (gpointer sound)
{
  g_free (((PfFakeSound *) sound)->name);
  pf_fake_keys_clear (sound_keys, sound);
  g_free (sound);
}

gboolean
pf_fake_board_read_disk (
    PfFakeBoard *board, GKeyFile *file, const char *group, const char *name, GError **error)
{
  PfFakeDisk *disk = g_new0 (PfFakeDisk, 1);

  disk->name = g_strdup (name);
  disk->file_system = g_strdup ("ext4");
  disk->size = 32;
  disk->pool_type = g_strdup ("btrfs");
  g_ptr_array_add (board->disks, disk);
  return pf_fake_keys_read (disk_keys, disk, file, group, error);
}

gboolean
pf_fake_board_read_net (
    PfFakeBoard *board, GKeyFile *file, const char *group, const char *name, GError **error)
{
  PfFakeNet *net = g_new0 (PfFakeNet, 1);

  net->name = g_strdup (name);
  net->state = g_strdup ("up");
  g_ptr_array_add (board->nets, net);
  return pf_fake_keys_read (net_keys, net, file, group, error);
}

gboolean
pf_fake_board_read_drm (
    PfFakeBoard *board, GKeyFile *file, const char *group, const char *name, GError **error)
{
  PfFakeDrm *drm = g_new0 (PfFakeDrm, 1);

  drm->name = g_strdup (name);
  g_ptr_array_add (board->drms, drm);
  return pf_fake_keys_read (drm_keys, drm, file, group, error);
}

gboolean
pf_fake_board_read_sound (
    PfFakeBoard *board, GKeyFile *file, const char *group, const char *name, GError **error)
{
  PfFakeSound *sound = g_new0 (PfFakeSound, 1);

  sound->name = g_strdup (name);
  sound->id = g_strdup ("PCH");
  g_ptr_array_add (board->sounds, sound);
  return pf_fake_keys_read (sound_keys, sound, file, group, error);
}
