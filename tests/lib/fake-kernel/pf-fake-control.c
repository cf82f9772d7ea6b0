/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fake-control.h"

#include <errno.h>
#include <string.h>

#include "pf-fake-cdev.h"
#include "pf-fake-config.h"
#include "pf-fake-disk.h"
#include "pf-fake-driver.h"
#include "pf-fake-group.h"
#include "pf-fake-open.h"
#include "pf-fake-ops.h"
#include "pf-fake-plug.h"

/* A command that a test gives. @words has at least as many words as the table below asks for, the verb not
 * counted. */
typedef int (*Verb) (PfFakeKernel *kernel, char **words);

static gboolean
parse_number (const char *text, guint base, guint64 *number)
{
  if (g_str_has_prefix (text, "0x"))
    return g_ascii_string_to_unsigned (text + 2, 16, 0, G_MAXUINT32, number, NULL);
  return g_ascii_string_to_unsigned (text, base, 0, G_MAXUINT32, number, NULL);
}

static const PfFakeDevice *
find_device_for (PfFakeKernel *kernel, const char *socket)
{
  for (guint i = 0; i < kernel->board->devices->len; i++)
    {
      const PfFakeDevice *device = g_ptr_array_index (kernel->board->devices, i);

      if (strcmp (device->socket, socket) == 0)
        return device;
    }
  return NULL;
}

/* With no settings, what was in that socket before goes back in. */
static int
plug (PfFakeKernel *kernel, char **words)
{
  static guint plugged = 0;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_strdup_printf ("plugged-%u", ++plugged);
  const PfFakeDevice *device = find_device_for (kernel, words[0]);

  if (words[1] != NULL)
    {
      PfFakeDevice *new
          = pf_fake_board_parse_device (name, words[0], (const char *const *) words + 1, &error);

      if (new != NULL)
        g_ptr_array_add (kernel->board->devices, new);
      device = new;
    }
  if (device == NULL || !pf_fake_plug_insert (kernel, device, &error))
    {
      g_printerr ("plug: %s\n", error != NULL ? error->message : "nothing was in this socket before");
      return -EINVAL;
    }
  pf_fake_plug_settle_later (kernel);
  return 0;
}

static int
unplug (PfFakeKernel *kernel, char **words)
{
  return pf_fake_plug_pull (kernel, words[0]) ? 0 : -ENOENT;
}

static int
mount_partition (PfFakeKernel *kernel, char **words)
{
  return pf_fake_disk_mount (kernel, words[0], words[1]);
}

static int
unmount_partition (PfFakeKernel *kernel, char **words)
{
  return pf_fake_disk_mount (kernel, words[0], "-");
}

static int
load_module (PfFakeKernel *kernel, char **words)
{
  PfFakeNode *modules = pf_fake_node_find (kernel->sys, "module");
  g_autofree char *name = g_strdelimit (g_strdup (words[0]), "-", '_');

  if (strcmp (name, "vfio_pci") != 0)
    return pf_fake_node_find (modules, name) != NULL ? 0 : -ENOENT;
  if (strcmp (kernel->board->vfio_pci, "missing") == 0)
    return -ENOENT;
  pf_fake_driver_register (kernel, "vfio-pci");
  return 0;
}

static PfFakeGroup *
find_group (PfFakeKernel *kernel, const char *text)
{
  guint64 id;

  return parse_number (text, 10, &id) ? g_hash_table_lookup (kernel->groups, GINT_TO_POINTER ((int) id))
                                      : NULL;
}

/* As a VM does: opens the group and takes over its DMA. */
static int
hold (PfFakeKernel *kernel, char **words)
{
  PfFakeGroup *group = find_group (kernel, words[0]);
  guint64 pid;

  if (group == NULL)
    return -ENOENT;
  if (!parse_number (words[1], 10, &pid) || pid == 0)
    return -EINVAL;
  if (group->device != NULL && !pf_fake_group_is_viable (group))
    return -EPERM;
  return pf_fake_group_hold (group, pid, words[2],
                             (const char *const *) (words[3] != NULL ? words + 3 : words + 2));
}

static int
open_cdev (PfFakeKernel *kernel, char **words, gboolean binds)
{
  PfFakePci *pci = pf_fake_kernel_find_pci (kernel, words[0]);
  guint64 pid;

  if (pci == NULL)
    return -ENOENT;
  if (!parse_number (words[1], 10, &pid) || pid == 0)
    return -EINVAL;
  if (binds && pci->cdev != NULL && !pf_fake_group_is_viable (pci->group))
    return -EPERM;
  return pf_fake_cdev_open (pci, (pid_t) pid, words[2],
                            (const char *const *) (words[3] != NULL ? words + 3 : words + 2), binds);
}

/* As a VM with iommufd does: opens the node of one function and takes over its DMA. */
static int
hold_device (PfFakeKernel *kernel, char **words)
{
  return open_cdev (kernel, words, TRUE);
}

/* Opens that node, and has not done more yet. */
static int
open_vfio_device (PfFakeKernel *kernel, char **words)
{
  return open_cdev (kernel, words, FALSE);
}

static gboolean
is_open (const PfFakeGroup *group)
{
  gboolean any = group->holder != 0;

  for (guint i = 0; i < group->members->len; i++)
    any |= ((const PfFakePci *) g_ptr_array_index (group->members, i))->cdev_opener != 0;
  return any;
}

static int
release (PfFakeKernel *kernel, char **words)
{
  PfFakeGroup *group = find_group (kernel, words[0]);

  if (group == NULL || !is_open (group))
    return -ENOENT;
  for (guint i = 0; i < group->members->len; i++)
    pf_fake_cdev_close (g_ptr_array_index (group->members, i));
  pf_fake_group_release (group);
  return 0;
}

static int
poke (PfFakeKernel *kernel, char **words)
{
  PfFakePci *pci = pf_fake_kernel_find_pci (kernel, words[0]);
  guint64 offset, value;

  if (pci == NULL)
    return -ENODEV;
  if (!parse_number (words[1], 16, &offset) || !parse_number (words[2], 16, &value)
      || offset + 4 > pci->config_size)
    return -EINVAL;
  pf_fake_config_put32 (pci, offset, value);
  return 0;
}

/* As driverctl does: an override, then a probe. */
static int
bind_driver (PfFakeKernel *kernel, char **words)
{
  PfFakePci *pci = pf_fake_kernel_find_pci (kernel, words[0]);
  PfFakeDriver *driver = g_hash_table_lookup (kernel->drivers, words[1]);

  if (pci == NULL || driver == NULL)
    return -ENODEV;
  if (pci->driver != NULL && pci->group != NULL && pci->group->holder != 0)
    return -EBUSY;
  if (pci->driver != NULL)
    pf_fake_driver_unbind (pci);
  g_clear_pointer (&pci->override, g_free);
  if (g_strcmp0 (pci->native, words[1]) != 0)
    pci->override = g_strdup (words[1]);
  return pf_fake_driver_bind (pci, driver);
}

static int
unbind_driver (PfFakeKernel *kernel, char **words)
{
  PfFakePci *pci = pf_fake_kernel_find_pci (kernel, words[0]);

  if (pci == NULL || pci->driver == NULL)
    return -ENODEV;
  if (pci->group != NULL && pci->group->holder != 0)
    return -EBUSY;
  pf_fake_driver_unbind (pci);
  return 0;
}

/* "[COUNT [AFTER]]" */
static gboolean
parse_turns (char **words, guint64 *count, guint64 *after)
{
  return words[0] == NULL
         || (parse_number (words[0], 10, count) && (words[1] == NULL || parse_number (words[1], 10, after)));
}

static int
fail (PfFakeKernel *kernel, char **words)
{
  guint64 count = 1, after = 0;

  if (!parse_turns (words + 2, &count, &after))
    return -EINVAL;
  return pf_fake_ops_fail (kernel->ops, words[0], words[1], count, after) ? 0 : -EINVAL;
}

static int
kill_somebody (PfFakeKernel *kernel, char **words)
{
  static const char *const victims[] = { "caller", "parent", "group" };
  gboolean before = strcmp (words[1], "before") == 0;
  const char *victim = words[2] != NULL && words[3] != NULL ? words[3] : "caller";
  guint64 after = 0;

  if ((!before && strcmp (words[1], "after") != 0)
      || (words[2] != NULL && !parse_number (words[2], 10, &after)))
    return -EINVAL;
  for (guint i = 0; i < G_N_ELEMENTS (victims); i++)
    if (strcmp (victim, victims[i]) == 0)
      {
        pf_fake_ops_kill (kernel->ops, words[0], (PfFakeVictim) i, before, after);
        return 0;
      }
  return -EINVAL;
}

static int
block (PfFakeKernel *kernel, char **words)
{
  guint64 count = 0, after = 0;

  if (!parse_turns (words + 1, &count, &after))
    return -EINVAL;
  pf_fake_ops_block (kernel->ops, words[0], count, after);
  return 0;
}

static int
unblock (PfFakeKernel *kernel, char **words)
{
  pf_fake_ops_unblock (kernel->ops);
  return 0;
}

static int
vanish (PfFakeKernel *kernel, char **words)
{
  PfFakePci *pci = pf_fake_kernel_find_pci (kernel, words[0]);

  if (pci == NULL)
    return -ENODEV;
  pf_fake_pci_vanish (pci);
  return 0;
}

static int
resume_one (PfFakePci *pci)
{
  if (pci->driver == NULL || strcmp (pci->driver->name, "xhci_hcd") != 0)
    return -ENODEV;
  pf_fake_config_route_all_to_xhci (pci);
  return 0;
}

/* The machine sleeps and wakes up: xhci_hcd routes all ports to itself, where it has the chip. */
static int
suspend (PfFakeKernel *kernel, char **words)
{
  for (guint i = 0; i < kernel->pci->len; i++)
    resume_one (g_ptr_array_index (kernel->pci, i));
  return 0;
}

/* The same, for one function that runtime power management had put to sleep: only if it is allowed to. */
static int
runtime_resume (PfFakeKernel *kernel, char **words)
{
  PfFakePci *pci = pf_fake_kernel_find_pci (kernel, words[0]);

  if (pci == NULL)
    return -ENODEV;
  return strcmp (pci->control, "auto") == 0 ? resume_one (pci) : -EBUSY;
}

static PfFakeNode *
add_process (PfFakeKernel *kernel, const char *pid, const char *command)
{
  PfFakeNode *process = pf_fake_node_add_folder (kernel->proc, pid);

  if (pf_fake_node_find (process, "comm") == NULL)
    pf_fake_node_add_text (process, "comm", "%s\n", command);
  return process;
}

static PfFakeSound *
find_sound (PfFakeKernel *kernel, const char *name)
{
  for (guint i = 0; i < kernel->board->sounds->len; i++)
    {
      PfFakeSound *sound = g_ptr_array_index (kernel->board->sounds, i);

      if (strcmp (sound->name, name) == 0)
        return sound;
    }
  return NULL;
}

static int
play (PfFakeKernel *kernel, char **words)
{
  PfFakeSound *sound = find_sound (kernel, words[0]);
  guint64 pid;

  if (sound == NULL)
    return -ENODEV;
  if (!parse_number (words[1], 10, &pid) || pid == 0)
    return -EINVAL;
  add_process (kernel, words[1], words[2]);
  sound->player = (int) pid;
  return 0;
}

/* A process opens a device node, or the USB node of what is in a socket: "/dev/NODE|SOCKET PID NAME
 * [read|write [VM]]". */
static int
open_device (PfFakeKernel *kernel, char **words)
{
  gboolean is_path = g_str_has_prefix (words[0], "/dev/");
  const PfFakeUsb *device = is_path ? NULL : pf_fake_plug_find (kernel, words[0]);
  g_autofree char *node = NULL;
  guint64 pid;

  if (!is_path && device == NULL)
    return -ENODEV;
  if (!parse_number (words[1], 10, &pid) || pid == 0)
    return -EINVAL;
  node = is_path ? g_strdup (words[0] + strlen ("/dev/"))
                 : g_strdup_printf ("bus/usb/%03u/%03u", device->bus, device->number);
  return pf_fake_open_open (kernel, node, words[1], words[2],
                            words[3] != NULL && strcmp (words[3], "write") == 0,
                            words[3] != NULL ? words[4] : NULL);
}

/* It ends: what it had open, it has no longer. */
static int
end_process (PfFakeKernel *kernel, char **words)
{
  guint64 pid;

  if (!parse_number (words[0], 10, &pid) || pid <= 1 || pf_fake_node_find (kernel->proc, words[0]) == NULL)
    return -ESRCH;
  pf_fake_node_remove_path (kernel->proc, words[0]);
  for (guint i = 0; i < kernel->board->sounds->len; i++)
    {
      PfFakeSound *sound = g_ptr_array_index (kernel->board->sounds, i);

      if (sound->player == (int) pid)
        sound->player = 0;
    }
  return 0;
}

static int
clear_log (PfFakeKernel *kernel, char **words)
{
  pf_fake_ops_clear_log (kernel->ops);
  return 0;
}

static const struct
{
  const char *name;
  guint words;
  Verb run;
} verbs[] = {
  { "plug", 1, plug },
  { "unplug", 1, unplug },
  { "modprobe", 1, load_module },
  { "hold", 3, hold },
  { "hold-device", 3, hold_device },
  { "open-device", 3, open_vfio_device },
  { "release", 1, release },
  { "poke", 3, poke },
  { "bind", 2, bind_driver },
  { "unbind", 1, unbind_driver },
  { "fail", 2, fail },
  { "block", 1, block },
  { "unblock", 0, unblock },
  { "kill", 2, kill_somebody },
  { "vanish", 1, vanish },
  { "suspend", 0, suspend },
  { "runtime-resume", 1, runtime_resume },
  { "clear-log", 0, clear_log },
  { "play", 3, play },
  { "open", 3, open_device },
  { "end", 1, end_process },
  { "mount", 2, mount_partition },
  { "unmount", 1, unmount_partition },
};

static int
store_control (gpointer owner, PfFakeCall *call)
{
  g_autofree char *text = pf_fake_call_get_word (call);
  g_auto (GStrv) words = NULL;
  int count = 0;

  if (!g_shell_parse_argv (text, &count, &words, NULL))
    return -EINVAL;
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (strcmp (words[0], verbs[i].name) == 0)
      return count - 1 < (int) verbs[i].words ? -EINVAL : verbs[i].run (owner, words + 1);
  return -ENOTSUP;
}

static int
show_log (gpointer owner, GString *text)
{
  pf_fake_ops_append_log (((PfFakeKernel *) owner)->ops, text);
  return 0;
}

static const PfFakeAttribute control_attribute = { "control", 0666, 0, show_log, store_control, NULL };

/**
 * pf_fake_control_add_file:
 *
 * Adds the file by which tests command the fake kernel, and in which they read what was written to it.
 *
 * Returns: (transfer none): the file
 */
PfFakeNode *
pf_fake_control_add_file (PfFakeKernel *kernel)
{
  return pf_fake_node_add (kernel->root, &control_attribute, kernel);
}
