using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using FunctionsAuth.Azure;
using FunctionsAuth.Protocol.Configuration;

namespace FunctionsAuth.Documentation.Tests.Reference;

/// <param name="Name">As it is written after <c>--set</c>, such as <c>Lifetimes:AccessToken</c>.</param>
/// <param name="Section">The part before the colon; null for a setting of the server itself.</param>
internal sealed record Setting(string Name, PropertyInfo? Section, PropertyInfo Property)
{
    /// <summary>How lists are written: one entry for each number.</summary>
    public string WrittenName => SettingsList.IsList(Property.PropertyType) ? $"{Name}:0" : Name;
}

/// <summary>All settings, found by reflection as the binder finds them.</summary>
internal static class SettingsList
{
    private static readonly AppSettings Defaults = new();

    // One that no setting of the kind takes, so that the server says which it takes.
    private static readonly Dictionary<Type, object[]> Wrong = new()
    {
        [typeof(TimeSpan)] = [TimeSpan.FromDays(-1)],
        [typeof(int)] = [-1],
        [typeof(Uri)] = [new Uri("ftp://wrong")],
        [typeof(string)] = ["\u0001,\u0001", ""],
    };

    public static IReadOnlyList<Setting> All { get; } = [.. Find(typeof(AppSettings), null)];

    private static IReadOnlyDictionary<string, string> Names { get; } = All
        .SelectMany(setting => (string[])[$"P:{setting.Property.DeclaringType!.FullName}.{setting.Property.Name}", setting.Section is null ? "" : $"T:{setting.Property.DeclaringType.FullName}"], (setting, id) => (setting, id))
        .Where(pair => pair.id.Length > 0)
        .DistinctBy(pair => pair.id)
        .ToDictionary(pair => pair.id, pair => pair.id[0] == 'P' ? pair.setting.Name : pair.setting.Section!.Name);

    /// <summary>The setting, or the section, that a reference in a summary means; null where it means something else.</summary>
    public static string? NameOf(string cref) => Names.GetValueOrDefault(cref);

    public static bool IsList(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>);

    public static string TypeOf(Setting setting)
    {
        var type = IsList(setting.Property.PropertyType) ? setting.Property.PropertyType.GetGenericArguments()[0] : Nullable.GetUnderlyingType(setting.Property.PropertyType) ?? setting.Property.PropertyType;
        var name = type == typeof(bool) ? "true or false" : type == typeof(int) ? "number" : type == typeof(TimeSpan) ? "time" : type == typeof(Uri) ? "URL" : type == typeof(Guid) ? "GUID" : "text";
        return IsList(setting.Property.PropertyType) ? $"list of {name}" : name;
    }

    public static string DefaultOf(Setting setting)
    {
        var value = setting.Property.GetValue(setting.Section is null ? Defaults : setting.Section.GetValue(Defaults));
        return value switch
        {
            null or "" => setting.Name == nameof(ServerOptions.Issuer) ? "required" : "none",
            bool flag => flag ? "`true`" : "`false`",
            TimeSpan time => $"`{time:c}`",
            string text => $"`{text}`",
            IFormattable other => $"`{other.ToString(null, CultureInfo.InvariantCulture)}`",
            System.Collections.IEnumerable => "none",
            _ => $"`{value}`",
        };
    }

    /// <summary>What the server says about a wrong value, such as <c>between 00:00:01 and 1.00:00:00</c>; empty where it takes every value of the type.</summary>
    public static string AllowedFor(Setting setting)
    {
        if (!Wrong.TryGetValue(setting.Property.PropertyType, out var values))
            return "";
        var problems = values.SelectMany(value => ProblemsOf(setting, value)).Select(problem => Allowed(setting.Name).Match(problem)).Where(match => match.Success);
        return string.Join("; ", problems.Select(match => match.Groups[1].Value).Distinct());
    }

    private static Regex Allowed(string name) => new($@"^{Regex.Escape(name)}(?: and [\w:]+)? must (?:be|have) (?!set)(.+?)(?:; it is [^;]*|, or tokens are signed .*|, or be left out)?$", RegexOptions.Singleline);

    private static IEnumerable<string> ProblemsOf(Setting setting, object wrong)
    {
        var settings = new AppSettings { Issuer = new Uri("https://login.example.com") };
        setting.Property.SetValue(setting.Section is null ? settings : setting.Section.GetValue(settings), wrong);
        return settings.Problems().ToList();
    }

    private static IEnumerable<Setting> Find(Type type, PropertyInfo? section)
    {
        var own = type.GetProperties().Where(property => property.SetMethod is { IsPublic: true });
        // Those of the server itself come before the sections, each group in the order of the code.
        foreach (var property in own.OrderBy(property => IsSection(property)).ThenBy(property => property.DeclaringType == typeof(ServerOptions) ? 0 : 1).ThenBy(property => property.MetadataToken))
        {
            if (!IsSection(property))
                yield return new Setting(section is null ? property.Name : $"{section.Name}:{property.Name}", section, property);
            else
            {
                foreach (var setting in Find(property.PropertyType, property))
                    yield return setting;
            }
        }
    }

    private static bool IsSection(PropertyInfo property) => property.PropertyType.Namespace?.StartsWith(nameof(FunctionsAuth), StringComparison.Ordinal) == true;
}
