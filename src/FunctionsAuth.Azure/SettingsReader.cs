using System.Globalization;
using System.Reflection;
using FunctionsAuth.Protocol.Configuration;
using Microsoft.Extensions.Configuration;

namespace FunctionsAuth.Azure;

/// <summary>
/// Reads a section of the configuration into the records of the settings. Unlike the binder of .NET, it names every setting that is unknown or has the
/// wrong form, and looks only at settings that are set. The binder looks at all of them, which takes a part of each cold start.
/// </summary>
internal static class SettingsReader
{
    /// <exception cref="SettingsException">Settings are unknown, or their texts are not of their types. The message names each of them.</exception>
    public static T Read<T>(IConfigurationSection section)
        where T : new()
    {
        List<string> problems = [];
        object settings = new T();
        ReadInto(settings, section, "", problems);
        return problems.Count == 0 ? (T)settings : throw new SettingsException(problems);
    }

    /// <param name="prefix">The names of the groups above, each with a colon.</param>
    private static void ReadInto(object settings, IConfigurationSection section, string prefix, List<string> problems)
    {
        foreach (var setting in section.GetChildren())
        {
            var name = prefix + setting.Key;
            if (settings.GetType().GetProperty(setting.Key, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase) is not { SetMethod.IsPublic: true } property)
                problems.Add($"There is no setting '{name}'");
            else if (IsGroup(property.PropertyType))
                ReadGroup(property.GetValue(settings)!, setting, prefix + property.Name, problems);
            else if (property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
                property.SetValue(settings, ListOf(setting, property.PropertyType.GetGenericArguments()[0], prefix + property.Name, problems));
            else if (setting.GetChildren().FirstOrDefault() is { } below)
                problems.Add($"There is no setting '{name}:{below.Key}'");
            else if (setting.Value is { } text)
                property.SetValue(settings, ValueOf(text, property.PropertyType, prefix + property.Name, problems) ?? property.GetValue(settings));
        }
    }

    private static bool IsGroup(Type type) => type.Assembly == typeof(ServerOptions).Assembly || type.Assembly == typeof(AppSettings).Assembly;

    private static void ReadGroup(object group, IConfigurationSection section, string name, List<string> problems)
    {
        if (section.Value is { Length: > 0 })
            problems.Add($"{name} is a group of settings and has no value of its own");
        ReadInto(group, section, $"{name}:", problems);
    }

    private static Array ListOf(IConfigurationSection section, Type element, string name, List<string> problems)
    {
        if (section.Value is { Length: > 0 })
            problems.Add($"{name} is a list: its first value is {name}:0");
        object[] values = [.. section.GetChildren().Select(item => ValueOf(item.Value ?? "", element, $"{name}:{item.Key}", problems)).OfType<object>()];
        var list = Array.CreateInstance(element, values.Length);
        values.CopyTo(list, 0);
        return list;
    }

    /// <returns>Null if the text is not of the type, which is added to the problems, and for an empty text of a type that allows null.</returns>
    private static object? ValueOf(string text, Type type, string name, List<string> problems)
    {
        if (type == typeof(string))
            return text;
        if (text.Length == 0 && (type == typeof(Uri) || Nullable.GetUnderlyingType(type) is not null))
            return null;
        var (value, form) = Parse(text, Nullable.GetUnderlyingType(type) ?? type);
        if (value is null)
            problems.Add($"{name} must be {form}");
        return value;
    }

    private static (object? Value, string Form) Parse(string text, Type type) => type switch
    {
        { } t when t == typeof(bool) => (bool.TryParse(text, out var flag) ? flag : null, "true or false"),
        { } t when t == typeof(int) => (int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null, "a whole number"),
        { } t when t == typeof(TimeSpan) => (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var duration) ? duration : null, "a duration in hours, minutes and seconds, such as 00:10:00, or in days, such as 30"),
        { } t when t == typeof(Guid) => (Guid.TryParse(text, out var id) ? id : null, "a GUID, such as 5a1e8f0c-3d3b-4a8e-9b7a-2f0f6f1f7c11"),
        { } t when t == typeof(Uri) => (Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out var uri) ? uri : null, "a URL"),
        _ => throw new NotSupportedException($"A setting can't have the type {type}."),
    };
}
