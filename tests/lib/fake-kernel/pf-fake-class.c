/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fake-class.h"

#include <string.h>

#include "pf-fake-open.h"

/* What drivers make of network, graphics and sound cards: net/NAME, drm/NAME, sound/NAME below the function
 * or the USB interface, and a link to it in the folder of the class. */

static PfFakeNode *
attach (PfFakeKernel *kernel, PfFakeNode *device, const char *class, const char *name)
{
  g_autofree char *path = g_strdup_printf ("%s/%s", class, name);
  g_autofree char *link = g_strdup_printf ("class/%s/%s", class, name);
  PfFakeNode *node = pf_fake_node_add_folder (device, path);

  pf_fake_node_add_link_to (node, "device", device);
  pf_fake_node_add_link_to (kernel->sys, link, node);
  return node;
}

static void
detach (PfFakeKernel *kernel, PfFakeNode *device, const char *class, const char *name)
{
  g_autofree char *link = g_strdup_printf ("class/%s/%s", class, name);

  pf_fake_node_remove_path (kernel->sys, link);
  if (device != NULL)
    pf_fake_node_remove_path (device, class);
}

static void
attach_connectors (PfFakeKernel *kernel, PfFakeNode *card, char **connectors, gboolean connected)
{
  for (; connectors != NULL && *connectors != NULL; connectors++)
    {
      g_autofree char *name = g_strdup_printf ("%s-%s", card->name, *connectors);
      g_autofree char *link = g_strdup_printf ("class/drm/%s", name);
      PfFakeNode *node = pf_fake_node_add_folder (card, name);

      pf_fake_node_add_text (node, "status", "%s\n", connected ? "connected" : "disconnected");
      pf_fake_node_add_text (node, "enabled", "%s\n", connected ? "enabled" : "disabled");
      pf_fake_node_add_link_to (kernel->sys, link, node);
    }
}

static void
detach_connectors (PfFakeKernel *kernel, const char *card, char **connectors)
{
  for (; connectors != NULL && *connectors != NULL; connectors++)
    {
      g_autofree char *link = g_strdup_printf ("class/drm/%s-%s", card, *connectors);

      pf_fake_node_remove_path (kernel->sys, link);
    }
}

static void
attach_net (PfFakeNode *node, const PfFakeNet *net)
{
  gboolean is_up = strcmp (net->state, "up") == 0;

  pf_fake_node_add_text (node, "operstate", "%s\n", net->state);
  pf_fake_node_add_text (node, "flags", "%s\n", is_up ? "0x1003" : "0x1002");
}

/* NVIDIA's own driver: its nodes are not in sysfs. */
static void
attach_nvidia (PfFakeKernel *kernel, const char *address)
{
  const PfFakeFunction *function = pf_fake_board_find_function (kernel->board, address);
  g_autofree char *path = g_strdup_printf ("driver/nvidia/gpus/%s/information", address);

  if (function != NULL && function->nvidia_minor != PF_FAKE_NONE
      && pf_fake_node_find (kernel->proc, path) == NULL)
    pf_fake_node_add_text (kernel->proc, path,
                           "Model: \t\t NVIDIA Graphics Device\nIRQ:   \t\t 142\nBus Location: \t %s\n"
                           "Device Minor: \t %d\n",
                           address, function->nvidia_minor);
}

static int
show_stream (gpointer owner, GString *text)
{
  const PfFakeSound *sound = owner;

  if (sound->player == 0)
    g_string_append (text, "closed\n");
  else
    g_string_append_printf (text, "state: RUNNING\nowner_pid   : %d\ntrigger_time: 0.0\n", sound->player);
  return 0;
}

static const PfFakeAttribute stream_attribute = { "status", 0444, 0, show_stream, NULL, NULL };

static void
attach_sound (PfFakeKernel *kernel, PfFakeNode *device, PfFakeSound *sound)
{
  g_autofree char *card = g_strdup_printf ("asound/%s", sound->name);
  PfFakeNode *node = pf_fake_node_add_folder (kernel->proc, card);

  attach (kernel, device, "sound", sound->name);
  pf_fake_node_add_text (node, "id", "%s\n", sound->id);
  pf_fake_node_add (pf_fake_node_add_folder (node, "pcm0p/sub0"), &stream_attribute, sound);
}

/**
 * pf_fake_class_attach:
 * @on: an address, or the name of a USB device
 * @device: folder of that function, or of the device's first interface
 *
 * Adds the network interfaces, graphics and sound cards that the board has there.
 */
void
pf_fake_class_attach (PfFakeKernel *kernel, const char *on, PfFakeNode *device)
{
  const PfFakeBoard *board = kernel->board;

  for (guint i = 0; i < board->nets->len; i++)
    {
      const PfFakeNet *net = g_ptr_array_index (board->nets, i);

      if (strcmp (net->on, on) == 0)
        attach_net (attach (kernel, device, "net", net->name), net);
    }
  for (guint i = 0; i < board->drms->len; i++)
    {
      const PfFakeDrm *drm = g_ptr_array_index (board->drms, i);
      PfFakeNode *card = NULL;

      if (strcmp (drm->on, on) != 0)
        continue;
      card = attach (kernel, device, "drm", drm->name);
      pf_fake_open_attach_graphics (kernel, drm->name, card);
      attach_connectors (kernel, card, drm->connected, TRUE);
      attach_connectors (kernel, card, drm->disconnected, FALSE);
    }
  for (guint i = 0; i < board->sounds->len; i++)
    if (strcmp (((PfFakeSound *) g_ptr_array_index (board->sounds, i))->on, on) == 0)
      attach_sound (kernel, device, g_ptr_array_index (board->sounds, i));
  attach_nvidia (kernel, on);
  pf_fake_open_attach (kernel, on, device);
}

/* Everything on a device is attached at once, with the first card there. */
static gboolean
is_first_there (PfFakeKernel *kernel, const PfFakeDrm *drm)
{
  guint i = 0;

  while (strcmp (((const PfFakeDrm *) kernel->board->drms->pdata[i])->on, drm->on) != 0)
    i++;
  return kernel->board->drms->pdata[i] == drm;
}

/**
 * pf_fake_class_boot:
 *
 * Adds the graphics cards that are on no PCI function and no USB device: "platform/evdi.0", as DisplayLink's
 * driver makes them.
 */
void
pf_fake_class_boot (PfFakeKernel *kernel)
{
  for (guint i = 0; i < kernel->board->drms->len; i++)
    {
      const PfFakeDrm *drm = g_ptr_array_index (kernel->board->drms, i);
      g_autofree char *path = g_strdup_printf ("devices/%s", drm->on);

      if (g_str_has_prefix (drm->on, "platform/") && is_first_there (kernel, drm))
        pf_fake_class_attach (kernel, drm->on, pf_fake_node_add_folder (kernel->sys, path));
    }
}

/**
 * pf_fake_class_detach:
 * @on: as for pf_fake_class_attach()
 * @device: (nullable): the same; NULL when its folder goes anyway
 *
 * Removes what pf_fake_class_attach() has added.
 */
void
pf_fake_class_detach (PfFakeKernel *kernel, const char *on, PfFakeNode *device)
{
  const PfFakeBoard *board = kernel->board;

  pf_fake_open_detach (kernel, on, device);
  for (guint i = 0; i < board->nets->len; i++)
    {
      const PfFakeNet *net = g_ptr_array_index (board->nets, i);

      if (strcmp (net->on, on) == 0)
        detach (kernel, device, "net", net->name);
    }
  for (guint i = 0; i < board->drms->len; i++)
    {
      const PfFakeDrm *drm = g_ptr_array_index (board->drms, i);

      if (strcmp (drm->on, on) != 0)
        continue;
      detach_connectors (kernel, drm->name, drm->connected);
      detach_connectors (kernel, drm->name, drm->disconnected);
      detach (kernel, device, "drm", drm->name);
    }
  for (guint i = 0; i < board->sounds->len; i++)
    {
      PfFakeSound *sound = g_ptr_array_index (board->sounds, i);
      g_autofree char *card = g_strdup_printf ("asound/%s", sound->name);

      if (strcmp (sound->on, on) != 0)
        continue;
      sound->player = 0;
      pf_fake_node_remove_path (kernel->proc, card);
      detach (kernel, device, "sound", sound->name);
    }
}

static int
show_routes (gpointer owner, GString *text)
{
  PfFakeKernel *kernel = owner;
  PfFakeNode *present = pf_fake_node_find (kernel->sys, "class/net");

  g_string_append (text,
                   "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n");
  for (guint i = 0; i < kernel->board->nets->len; i++)
    {
      const PfFakeNet *net = g_ptr_array_index (kernel->board->nets, i);

      if (net->default_route && pf_fake_node_find (present, net->name) != NULL)
        g_string_append_printf (text, "%s\t00000000\t0100A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n",
                                net->name);
    }
  return 0;
}

static const PfFakeAttribute route_attribute = { "route", 0444, 0, show_routes, NULL, NULL };

/**
 * pf_fake_class_add_proc_files:
 *
 * Adds proc/net/route and the same of process 1.
 */
void
pf_fake_class_add_proc_files (PfFakeKernel *kernel)
{
  pf_fake_node_add (pf_fake_node_add_folder (kernel->proc, "net"), &route_attribute, kernel);
  pf_fake_node_add (pf_fake_node_add_folder (kernel->proc, "1/net"), &route_attribute, kernel);
}

static gboolean
check (PfFakeKernel *kernel, const char *class, const char *name, const char *on, GError **error)
{
  if (pf_fake_board_find_function (kernel->board, on) != NULL || g_str_has_prefix (on, "platform/"))
    return TRUE;
  for (guint i = 0; i < kernel->board->devices->len; i++)
    if (strcmp (((PfFakeDevice *) g_ptr_array_index (kernel->board->devices, i))->name, on) == 0)
      return TRUE;
  return pf_fake_kernel_fail (kernel, class, name, "on", error,
                              "no such function or device on this board: %s", on);
}

/**
 * pf_fake_class_check_board:
 *
 * Returns: FALSE with @error set when an interface or a card is on a function that is not there
 */
gboolean
pf_fake_class_check_board (PfFakeKernel *kernel, GError **error)
{
  const PfFakeBoard *board = kernel->board;

  for (guint i = 0; i < board->nets->len; i++)
    {
      const PfFakeNet *net = g_ptr_array_index (board->nets, i);

      if (!check (kernel, "net", net->name, net->on, error))
        return FALSE;
    }
  for (guint i = 0; i < board->drms->len; i++)
    {
      const PfFakeDrm *drm = g_ptr_array_index (board->drms, i);

      if (!check (kernel, "drm", drm->name, drm->on, error))
        return FALSE;
    }
  for (guint i = 0; i < board->sounds->len; i++)
    {
      const PfFakeSound *sound = g_ptr_array_index (board->sounds, i);

      if (!check (kernel, "sound", sound->name, sound->on, error))
        return FALSE;
    }
  return TRUE;
}
