/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-about.h"

#include <gtk/gtk.h>

#include <glib/gi18n.h>

/**
 * pf_about_show:
 *
 * Shows who we are; a window that is open already is raised.
 */
void
pf_about_show (void)
{
  gtk_show_about_dialog (
      NULL, "program-name", _ ("Portferry"), "version", PF_VERSION, "logo-icon-name",
      "org.portferry.Portferry", "comments",
      _ ("Lends USB ports and whole USB controllers to a virtual machine, and brings them back."),
      "copyright", _ ("Copyright © The Portferry authors"), "license-type", GTK_LICENSE_GPL_3_0,
      /* Translators: your names, one on a line; they are shown in the window "About" */
      "translator-credits", _ ("translator-credits"), NULL);
}
