/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <unistd.h>

#include "pf-fake-fuse.h"
#include "pf-fake-uevent.h"

static gboolean option_foreground = FALSE;
static gboolean option_uevents = FALSE;
static char *option_board = NULL;
static int option_root_uid = 0;

static const GOptionEntry options[] = {
  { "board", 'b', 0, G_OPTION_ARG_FILENAME, &option_board, "What the machine has", "FILE" },
  { "root-uid", 'u', 0, G_OPTION_ARG_INT, &option_root_uid, "A user who counts as root, beside root", "UID" },
  { "uevents", 'e', 0, G_OPTION_ARG_NONE, &option_uevents, "Send uevents to this network namespace", NULL },
  { "foreground", 'f', 0, G_OPTION_ARG_NONE, &option_foreground, "Do not go into the background", NULL },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static gboolean
run (const char *mount_point, GError **error)
{
  g_autoptr (PfFakeKernel) kernel = NULL;
  g_autoptr (PfFakeFuse) fuse = NULL;
  g_autoptr (PfFakeUevent) uevent = NULL;
  PfFakeBoard *board;

  if (option_uevents && (uevent = pf_fake_uevent_new (error)) == NULL)
    return FALSE;
  board = pf_fake_board_load (option_board, error);
  if (board == NULL)
    return FALSE;
  kernel = pf_fake_kernel_new (board, g_steal_pointer (&uevent), error);
  if (kernel == NULL)
    return FALSE;
  fuse = pf_fake_fuse_mount (kernel, mount_point, option_root_uid, error);
  if (fuse == NULL || !pf_fake_fuse_detach (option_foreground))
    return FALSE;
  pf_fake_fuse_run (fuse);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("MOUNTPOINT");
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, options, NULL);
  g_option_context_set_summary (
      context, "A file system that behaves as /sys, /dev and /proc of a Linux machine do, as far as\n"
               "USB controllers and what they are lent with are concerned.");
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  if (argc != 2 || option_board == NULL)
    {
      g_printerr ("%s", g_option_context_get_help (context, TRUE, NULL));
      return 2;
    }
  if (!run (argv[1], &error))
    {
      g_printerr ("%s\n", error != NULL ? error->message : "cannot start");
      return EXIT_FAILURE;
    }
  return EXIT_SUCCESS;
}
