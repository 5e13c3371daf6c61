namespace FunctionsAuth.Protocol.Tests.Architecture;

/// <summary>Says which references go where a list of layers does not let them go.</summary>
internal sealed class LayerRules(string root, IReadOnlyList<Layer> layers)
{
    private readonly List<(string Namespace, Layer Layer)> order = [.. layers.SelectMany(layer => layer.Namespaces.Select(name => (Full(root, name), layer)))];

    public IEnumerable<string> Namespaces => order.Select(entry => entry.Namespace);

    /// <summary>A sentence for each pair of types of which the one must not know the other.</summary>
    public IEnumerable<string> ProblemsOf(IEnumerable<Reference> references) =>
        from reference in references
        where reference.From != reference.To && IsOurs(reference.From) && IsOurs(reference.To)
        let place = PlaceOf(reference.From)
        let other = PlaceOf(reference.To)
        where other > place || (order[place].Layer.KeepsApart && order[place].Layer == order[other].Layer)
        orderby reference.From, reference.To
        select $"{reference.From} must not know {reference.To}: {reference.Why}";

    /// <summary>Generators have namespaces of their own.</summary>
    private bool IsOurs(string name) => name == root || name.StartsWith(root + ".", StringComparison.Ordinal);

    private int PlaceOf(string name)
    {
        var place = order.FindIndex(entry => entry.Namespace == name);
        return place >= 0 ? place : throw new InvalidOperationException($"{name} is in no layer");
    }

    private static string Full(string root, string name) => name.Length == 0 ? root : $"{root}.{name}";
}
