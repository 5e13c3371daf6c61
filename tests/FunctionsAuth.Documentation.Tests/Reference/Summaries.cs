using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace FunctionsAuth.Documentation.Tests.Reference;

/// <summary>The XML summaries of the code, as Markdown.</summary>
internal static partial class Summaries
{
    private static readonly ConcurrentDictionary<Assembly, Dictionary<string, XElement>> Read = new();

    /// <summary>Empty where the type has none. Guides that it names are links from docs/reference.</summary>
    public static string Of(Type type) => Of(type.Assembly, $"T:{type.FullName}", type);

    /// <summary>Empty where the property has none.</summary>
    public static string Of(PropertyInfo property) => Of(property.DeclaringType!.Assembly, $"P:{property.DeclaringType.FullName}.{property.Name}", property.DeclaringType);

    private static string Of(Assembly assembly, string id, Type near)
    {
        var summary = Read.GetOrAdd(assembly, Load).GetValueOrDefault(id);
        return summary is null ? "" : Guide().Replace(Spaces().Replace(string.Concat(summary.Nodes().Select(node => Text(node, near))), " ").Trim(), "[$1](../$1)");
    }

    private static Dictionary<string, XElement> Load(Assembly assembly) =>
        XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(member => member.Attribute("name")!.Value, member => member.Element("summary")!);

    private static string Text(XNode node, Type near) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" or "paramref" } code => $"`{code.Value}{code.Attribute("name")?.Value}`",
        XElement { Name.LocalName: "see" } see when see.Attribute("cref")?.Value is { } cref => $"`{SettingsList.NameOf(cref) ?? Short(cref, near)}`",
        XElement other => string.Concat(other.Nodes().Select(inner => Text(inner, near))),
        _ => "",
    };

    /// <summary>A name as it would be written in the type itself.</summary>
    private static string Short(string cref, Type near)
    {
        var parts = cref[2..].Split('(')[0].Split('.');
        return cref.StartsWith("T:", StringComparison.Ordinal) || parts[^2] == near.Name ? parts[^1] : $"{parts[^2]}.{parts[^1]}";
    }

    [GeneratedRegex(@"docs/([\w-]+\.md)")]
    private static partial Regex Guide();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
