/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <locale.h>

#include <glib/gi18n.h>

#include "pf-app.h"

int
main (int argc, char **argv)
{
  g_autoptr (PfApp) app = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, PF_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_application_name (_ ("Portferry"));
  app = pf_app_new ();
  g_application_set_default (G_APPLICATION (app));
  return pf_app_run (app, argc, argv);
}
