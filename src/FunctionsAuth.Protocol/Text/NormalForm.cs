using System.Buffers;
using System.Globalization;
using System.Text;

namespace FunctionsAuth.Protocol.Text;

/// <summary>
/// Unicode's normal forms (UAX #15). With <c>InvariantGlobalization</c>, <see cref="string.Normalize()"/> changes nothing on Linux. Without it, the form
/// would depend on the ICU version of the machine. The keys of rows depend on these forms, so this assembly contains the data of one version of Unicode.
/// </summary>
public static class NormalForm
{
    // UAX #15 §16: Hangul syllables are computed.
    private const int SBase = 0xAC00;
    private const int LBase = 0x1100;
    private const int VBase = 0x1161;
    private const int TBase = 0x11A7;
    private const int LCount = 19;
    private const int VCount = 21;
    private const int TCount = 28;
    private const int SCount = LCount * VCount * TCount;

    /// <summary>Normalization Form C: the same text in one spelling.</summary>
    public static string Canonical(string text) => Of(text, compatible: false);

    /// <summary>Normalization Form KC: characters that differ only in their look, such as full-width letters, become the same.</summary>
    public static string Compatible(string text) => Of(text, compatible: true);

    /// <summary>Whether each character is assigned in this version of Unicode. An unpaired surrogate is not.</summary>
    public static bool IsAssigned(string text)
    {
        if (Ascii.IsValid(text))
            return true;
        foreach (var range in Runes(text))
        {
            if (range < 0 || !NormalizationData.Instance.IsAssigned(range))
                return false;
        }
        return true;
    }

    private static string Of(string text, bool compatible)
    {
        if (Ascii.IsValid(text))
            return text;
        var data = NormalizationData.Instance;
        List<int> characters = [];
        foreach (var one in Runes(text))
        {
            // An unpaired surrogate stays as it is. Nobody can type one.
            if (one < 0)
                return text;
            Decompose(one, compatible, data, characters);
        }
        Order(characters, data);
        return Write(Compose(characters, data));
    }

    /// <summary>The code points; -1 for an unpaired surrogate.</summary>
    private static IEnumerable<int> Runes(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var status = Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length);
            yield return status == OperationStatus.Done ? rune.Value : -1;
            at += length;
        }
    }

    private static void Decompose(int one, bool compatible, NormalizationData data, List<int> into)
    {
        if (one - SBase is >= 0 and < SCount)
        {
            var syllable = one - SBase;
            into.Add(LBase + (syllable / (VCount * TCount)));
            into.Add(VBase + (syllable % (VCount * TCount) / TCount));
            if (syllable % TCount > 0)
                into.Add(TBase + (syllable % TCount));
        }
        else if (data.DecompositionOf(one, compatible) is { } parts)
        {
            foreach (var part in parts)
                Decompose(part, compatible, data, into);
        }
        else
        {
            into.Add(one);
        }
    }

    /// <summary>The canonical ordering of marks: UAX #15 §1.3. Marks of the same class keep their order.</summary>
    private static void Order(List<int> characters, NormalizationData data)
    {
        for (var i = 1; i < characters.Count; i++)
        {
            var mark = characters[i];
            var order = data.ClassOf(mark);
            var at = i;
            while (order > 0 && at > 0 && data.ClassOf(characters[at - 1]) > order)
            {
                characters[at] = characters[at - 1];
                at--;
            }
            characters[at] = mark;
        }
    }

    private static List<int> Compose(List<int> characters, NormalizationData data)
    {
        List<int> composed = [];
        var starter = -1;
        foreach (var one in characters)
        {
            var order = data.ClassOf(one);
            // A mark is blocked from its starter if a mark of the same or a higher class is between them.
            var last = starter >= 0 && composed.Count - 1 > starter ? data.ClassOf(composed[^1]) : -1;
            if (starter >= 0 && last < order && Pair(composed[starter], one, data) is { } pair)
            {
                composed[starter] = pair;
                continue;
            }
            if (order == 0)
                starter = composed.Count;
            composed.Add(one);
        }
        return composed;
    }

    private static int? Pair(int first, int second, NormalizationData data)
    {
        if (first - LBase is >= 0 and < LCount && second - VBase is >= 0 and < VCount)
            return SBase + ((((first - LBase) * VCount) + (second - VBase)) * TCount);
        if (first - SBase is >= 0 and < SCount && (first - SBase) % TCount == 0 && second - TBase is > 0 and < TCount)
            return first + (second - TBase);
        return data.CompositionOf(first, second);
    }

    private static string Write(List<int> characters)
    {
        var text = new StringBuilder(characters.Count);
        foreach (var one in characters)
            text.Append(new Rune(one).ToString());
        return text.ToString();
    }
}

/// <summary>The content of normalization.txt. It is read when the first text with non-ASCII characters arrives.</summary>
internal sealed class NormalizationData
{
    private static readonly Lazy<NormalizationData> Loaded = new(() => new NormalizationData());

    private readonly List<(int Start, int End)> assigned = [];
    private readonly Dictionary<int, int> classes = [];
    private readonly Dictionary<int, int[]> canonical = [];
    private readonly Dictionary<int, int[]> compatible = [];
    private readonly Dictionary<(int First, int Second), int> compositions = [];

    private NormalizationData()
    {
        using var stream = typeof(NormalizationData).Assembly.GetManifestResourceStream("normalization.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
                Read(line.Split(' '));
        }
    }

    public static NormalizationData Instance => Loaded.Value;

    /// <summary>The canonical combining class; 0 for a character that is not a mark.</summary>
    public int ClassOf(int one) => classes.GetValueOrDefault(one);

    /// <returns>Null if the character has no decomposition.</returns>
    public int[]? DecompositionOf(int one, bool isCompatible) =>
        canonical.GetValueOrDefault(one) ?? (isCompatible ? compatible.GetValueOrDefault(one) : null);

    public int? CompositionOf(int first, int second) => compositions.TryGetValue((first, second), out var one) ? one : null;

    public bool IsAssigned(int one)
    {
        var at = assigned.BinarySearch((one, int.MaxValue));
        // The range that begins at or before it.
        var range = (at < 0 ? ~at : at) - 1;
        return range >= 0 && one <= assigned[range].End;
    }

    private void Read(string[] line)
    {
        var first = Hex(line[1]);
        switch (line[0])
        {
            case "A":
                assigned.Add((first, Hex(line[2])));
                break;
            case "C":
                classes[first] = int.Parse(line[2], CultureInfo.InvariantCulture);
                break;
            case "K":
                compatible[first] = [.. line[2..].Select(Hex)];
                break;
            default:
                var parts = canonical[first] = [.. line[2..].Select(Hex)];
                if (line[0] == "D")
                    compositions[(parts[0], parts[1])] = first;
                break;
        }
    }

    private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
