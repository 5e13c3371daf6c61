using System.Collections;
using System.Globalization;
using System.Reflection;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Scopes;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Manage.Server;

/// <summary>A setting in force.</summary>
/// <param name="Name">The name as in docs/settings.md, such as <c>Lifetimes:AccessToken</c>.</param>
/// <param name="Value">Null if it is not set, and for a secret.</param>
/// <param name="IsSecret">It is set, but its value is not shown.</param>
public sealed record SettingView(string Name, string? Value, bool IsSecret);

/// <summary>The settings that this instance runs with. Settings are changed in the deployment of the service, not here.</summary>
public sealed class SettingsResource(ServerOptions options) : ManageResource
{
    // A setting whose name contains one of these is never shown.
    private static readonly string[] SecretNames = ["Password", "Secret", "ConnectionString", "FrontDoorId"];

    public override string Tag => "server";

    public override IReadOnlyList<Operation> Operations =>
    [
        new("list_settings", HttpMethods.Get, "settings", ManageScopes.SettingsRead, "Lists the settings in force, without secrets.", (_, _) => Task.FromResult(ApiAnswer.Of(new ApiList<SettingView>(List(), null))))
        {
            Result = typeof(ApiList<SettingView>), Cost = 0,
        },
    ];

    private List<SettingView> List()
    {
        List<SettingView> settings = [];
        Add(options.GetType(), options, "");
        return [.. settings.OrderBy(setting => setting.Name, StringComparer.Ordinal)];

        void Add(Type type, object owner, string prefix)
        {
            foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is not null))
            {
                var (name, value) = (prefix + property.Name, property.GetValue(owner));
                if (SecretNames.Any(secret => property.Name.Contains(secret, StringComparison.Ordinal)) && property.PropertyType.IsAssignableTo(typeof(bool)) == false)
                    settings.Add(new SettingView(name, null, value is not null));
                else if (value is not null && property.PropertyType is { IsClass: true, Namespace: { } space } && space.StartsWith("FunctionsAuth.", StringComparison.Ordinal))
                    Add(property.PropertyType, value, name + ":");
                else
                    settings.Add(new SettingView(name, TextOf(value), false));
            }
        }
    }

    private static string? TextOf(object? value) => value switch
    {
        null => null,
        string text => text,
        IDictionary map => string.Join(", ", map.Keys.Cast<object>().Select(key => $"{key}={map[key]}")),
        IEnumerable list => string.Join(", ", list.Cast<object>()),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
