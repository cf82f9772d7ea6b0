/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fake-class.h"

#include <string.h>

/* What drivers make of network and graphics cards: net/NAME and drm/NAME below the function, and a link to it
 * in the folder of the class. */

static PfFakeNode *
attach (PfFakePci *pci, const char *class, const char *name)
{
  g_autofree char *path = g_strdup_printf ("%s/%s", class, name);
  g_autofree char *link = g_strdup_printf ("class/%s/%s", class, name);
  PfFakeNode *node = pf_fake_node_add_folder (pci->node, path);

  pf_fake_node_add_link_to (node, "device", pci->node);
  pf_fake_node_add_link_to (pci->kernel->sys, link, node);
  return node;
}

static void
detach (PfFakePci *pci, const char *class, const char *name)
{
  g_autofree char *link = g_strdup_printf ("class/%s/%s", class, name);

  pf_fake_node_remove_path (pci->kernel->sys, link);
  pf_fake_node_remove_path (pci->node, class);
}

/**
 * pf_fake_class_attach:
 *
 * Adds the network interfaces and graphics cards that the board has on @pci.
 */
void
pf_fake_class_attach (PfFakePci *pci)
{
  const PfFakeBoard *board = pci->kernel->board;

  for (guint i = 0; i < board->nets->len; i++)
    {
      const PfFakeNet *net = g_ptr_array_index (board->nets, i);

      if (strcmp (net->on, pci->spec->address) == 0)
        pf_fake_node_add_text (attach (pci, "net", net->name), "operstate", "up\n");
    }
  for (guint i = 0; i < board->drms->len; i++)
    {
      const PfFakeDrm *drm = g_ptr_array_index (board->drms, i);

      if (strcmp (drm->on, pci->spec->address) == 0)
        attach (pci, "drm", drm->name);
    }
}

/**
 * pf_fake_class_detach:
 *
 * Removes what pf_fake_class_attach() has added.
 */
void
pf_fake_class_detach (PfFakePci *pci)
{
  const PfFakeBoard *board = pci->kernel->board;

  for (guint i = 0; i < board->nets->len; i++)
    {
      const PfFakeNet *net = g_ptr_array_index (board->nets, i);

      if (strcmp (net->on, pci->spec->address) == 0)
        detach (pci, "net", net->name);
    }
  for (guint i = 0; i < board->drms->len; i++)
    {
      const PfFakeDrm *drm = g_ptr_array_index (board->drms, i);

      if (strcmp (drm->on, pci->spec->address) == 0)
        detach (pci, "drm", drm->name);
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
 * Adds proc/net/route.
 */
void
pf_fake_class_add_proc_files (PfFakeKernel *kernel)
{
  pf_fake_node_add (pf_fake_node_add_folder (kernel->proc, "net"), &route_attribute, kernel);
}

static gboolean
check (PfFakeKernel *kernel, const char *class, const char *name, const char *on, GError **error)
{
  if (pf_fake_board_find_function (kernel->board, on) != NULL)
    return TRUE;
  return pf_fake_kernel_fail (kernel, class, name, "on", error, "no such function on this board: %s", on);
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
  return TRUE;
}
