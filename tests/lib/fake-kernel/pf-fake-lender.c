/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Those who lend beside Portferry: the ids that vfio-pci is loaded with, modprobe's options, driverctl's
 * files. */

#include "pf-fake-lender.h"

#include <stdio.h>
#include <string.h>

#include "pf-fake-driver.h"

/**
 * pf_fake_lender_add_files:
 *
 * Fills etc, and shows vfio-pci's parameter.
 */
void
pf_fake_lender_add_files (PfFakeKernel *kernel)
{
  const PfFakeBoard *board = kernel->board;
  g_autofree char *lines = board->modprobe != NULL ? g_strjoinv ("\n", board->modprobe) : NULL;
  g_autofree char *ids = board->vfio_ids != NULL ? g_strjoinv (",", board->vfio_ids) : NULL;

  if (lines != NULL)
    pf_fake_node_add_text (kernel->etc, "modprobe.d/board.conf", "%s\n", lines);
  if (ids != NULL)
    pf_fake_node_add_text (kernel->sys, "module/vfio_pci/parameters/ids", "%s\n", ids);
  for (guint i = 0; i < board->functions->len; i++)
    {
      const PfFakeFunction *function = board->functions->pdata[i];
      g_autofree char *path = g_strdup_printf ("driverctl.d/%s", function->address);

      if (function->driverctl)
        pf_fake_node_add_text (kernel->etc, path, "%s\n",
                               function->override != NULL ? function->override : "vfio-pci");
    }
}

/**
 * pf_fake_lender_add_ids:
 * @driver: that was just registered
 *
 * vfio_pci_fill_ids(): vfio-pci takes what its parameter says. Only vendor and device count here.
 */
void
pf_fake_lender_add_ids (PfFakeDriver *driver)
{
  char **ids = driver->kernel->board->vfio_ids;

  if (strcmp (driver->name, "vfio-pci") != 0)
    return;
  for (guint i = 0; ids != NULL && ids[i] != NULL; i++)
    {
      guint vendor, device;
      guint32 id;

      if (sscanf (ids[i], "%x:%x", &vendor, &device) != 2)
        continue;
      id = vendor << 16 | (device & 0xffff);
      g_array_append_val (driver->ids, id);
    }
}

/**
 * pf_fake_lender_takes:
 *
 * Returns: whether @driver was told to take functions like @pci
 */
gboolean
pf_fake_lender_takes (const PfFakeDriver *driver, const PfFakePci *pci)
{
  for (guint i = 0; driver != NULL && i < driver->ids->len; i++)
    if (g_array_index (driver->ids, guint32, i) == pci->spec->id)
      return TRUE;
  return FALSE;
}
