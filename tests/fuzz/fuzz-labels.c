/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: what people call the sockets, ports.conf, which may be edited by hand. */
#include <string.h>

#include "pf-fuzz.h"
#include "pf-labels.h"

const char *const pf_fuzz_words[] = {
  "[0000:00:14.0]\n",
  "[0000:02:00.0]\n",
  "ehci2/3",
  "ehci1/1",
  "usb/4",
  "usb/255",
  "usb/0",
  ".place",
  ".colour",
  "=",
  "Front, left\n",
  "front\n",
  "rear\n",
  "internal\n",
  "blue\n",
  "black\n",
  "\n",
  "#",
  "\\s",
  "\\n",
  "\\t",
  "\\",
  "\033[2J",
  "\342\200\256",
  NULL,
};

static const char *const controllers[] = { "0000:00:14.0", "0000:02:00.0" };
static const char *const sockets[] = { "ehci2/3", "ehci1/1", "usb/4", "usb/255" };

static void
check_note (PfLabels *labels, const char *controller, const char *socket)
{
  g_auto (PfNote) note = { 0 };
  g_autofree char *label = pf_labels_get (labels, controller, socket);

  pf_labels_get_note (labels, controller, socket, &note);
  g_assert_cmpstr (label, ==, note.label);
  pf_fuzz_check_line (note.label);
  g_assert_cmpint (g_utf8_strlen (note.label, -1), <=, PF_LABELS_MAX_LENGTH);
  pf_fuzz_check_line (note.place);
  pf_fuzz_check_line (note.colour);
}

static void
check_sockets (PfLabels *labels, const char *controller)
{
  g_autoptr (GArray) numbers = pf_labels_list_sockets (labels, controller);
  guint last = 0;

  for (guint i = 0; i < numbers->len; i++)
    {
      guint number = g_array_index (numbers, guint, i);
      g_autofree char *name = g_strdup_printf ("usb/%u", number);

      g_assert_cmpuint (number, >, last);
      g_assert_cmpuint (number, <=, 255);
      g_assert_cmpuint (pf_labels_parse_socket (name), ==, number);
      check_note (labels, controller, name);
      last = number;
    }
}

/* Bytes of a caller: refused, or noted as they are. */
static void
check_set (PfLabels *labels, const char *label)
{
  g_autoptr (GError) error = NULL;
  gboolean done = pf_labels_set (labels, controllers[0], sockets[0], label, &error);
  g_autofree char *again = NULL;

  pf_fuzz_check_error (done, error);
  if (!done)
    return;
  again = pf_labels_get (labels, controllers[0], sockets[0]);
  g_assert_cmpstr (again, ==, label);
}

/* It says of each file that it cannot be read. */
static void
drop (const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const char *folder = pf_fuzz_get_folder ();
  g_autofree char *path = g_build_filename (folder, "ports.conf", NULL);
  g_autofree char *text = pf_fuzz_to_text (data, MIN (size, 80));
  g_autoptr (GError) error = NULL;
  g_autoptr (PfLabels) labels = NULL;

  g_file_set_contents_full (path, (const char *) data, (gssize) size, G_FILE_SET_CONTENTS_NONE, 0644, &error);
  g_assert_no_error (error);
  g_log_set_handler ("portferry", G_LOG_LEVEL_MESSAGE, drop, NULL);
  labels = pf_labels_new (folder);
  for (guint i = 0; i < G_N_ELEMENTS (controllers); i++)
    {
      check_sockets (labels, controllers[i]);
      for (guint j = 0; j < G_N_ELEMENTS (sockets); j++)
        check_note (labels, controllers[i], sockets[j]);
    }
  g_assert_cmpuint (pf_labels_parse_socket (text), <=, 255);
  /* It is synced to the disk, which takes long: not each time. */
  if (size % 64 == 0)
    check_set (labels, text);
  return 0;
}
