using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Manage.Server;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Manage.Pages;

/// <summary>The current settings. They cannot be changed here, but only in the deployment of the app.</summary>
public sealed class SettingsPageView : ManageView
{
    public override string Route => "settings";

    public override string Scope => ManageScopes.SettingsRead;

    public override async Task<ManageContent> ShowAsync(ManageVisit visit, CancellationToken cancellation)
    {
        var settings = (await visit.GetAsync<ApiList<SettingView>>("list_settings", cancellation)).Items;
        return ManageContent.Of(
            Phrase.Of($"Settings"),
            [
                new ManageText(Phrase.Of($"Settings are changed in the deployment of the service, not here.")),
                .. settings.GroupBy(setting => setting.Name.Contains(':', StringComparison.Ordinal) ? setting.Name.Split(':')[0] : "").OrderBy(group => group.Key, StringComparer.Ordinal)
                    .Select(group => new ManageFacts([.. group.Select(FactOf)], group.Key.Length == 0 ? null : Phrase.Named(group.Key))),
            ]);
    }

    private static ManageFact FactOf(SettingView setting) =>
        new(ManageValue.Code(setting.Name), setting.IsSecret ? ManageValue.Of(Phrase.Of($"Set, but not shown")) : ManageValue.Of(setting.Value));
}
