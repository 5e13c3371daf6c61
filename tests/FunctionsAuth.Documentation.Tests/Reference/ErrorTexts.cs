using System.Text.RegularExpressions;

namespace FunctionsAuth.Documentation.Tests.Reference;

/// <param name="Code">The error code.</param>
/// <param name="Text">The description, with placeholders in braces.</param>
/// <param name="File">The source file that says it.</param>
internal sealed record ErrorText(string Code, string Text, string File);

/// <summary>A method that makes an error of a code from a text.</summary>
/// <param name="Parameters">The names of its parameters.</param>
/// <param name="Code">The code, or the name of the parameter that has it.</param>
/// <param name="Template">The text, with the names of parameters in braces.</param>
internal sealed record ErrorFactory(string Name, string[] Parameters, string Code, string Template);

/// <summary>All texts of errors that the source can answer, found where errors are made.</summary>
internal static partial class ErrorTexts
{
    private const string Folder = "src";
    private const string OAuthErrorFile = "src/FunctionsAuth.Protocol/Errors/OAuthError.cs";
    private const string RegistrationErrorFile = "src/FunctionsAuth.Protocol/Registry/RegistrationError.cs";
    private const string ApiProblemFile = "src/FunctionsAuth.Protocol/Manage/Api/ApiProblem.cs";
    private const string GuardFile = "src/FunctionsAuth.Protocol/Errors/ResourceGuard.cs";

    private static readonly Dictionary<string, ErrorFactory> OAuth = Factories(OAuthErrorFile, "OAuthException");
    private static readonly Dictionary<string, ErrorFactory> Registration = new(Factories(RegistrationErrorFile, "OAuthException"))
    {
        ["For"] = new("For", ["member", "problem"], "invalid_client_metadata", "{member} {problem}"),
    };

    private static readonly Dictionary<string, ErrorFactory> Api = Factories(ApiProblemFile, "ApiProblem");

    private static readonly Dictionary<string, ErrorFactory> Guard = new()
    {
        ["Unauthenticated"] = new("Unauthenticated", [], "invalid_request", "An access token is required"),
        ["NotValid"] = new("NotValid", ["description=The access token is unknown, expired or revoked"], "invalid_token", "{description}"),
        ["Refuse"] = new("Refuse", ["error", "description"], "error", "{description}"),
    };

    /// <summary>Of the endpoints of OAuth and OpenID Connect.</summary>
    public static IReadOnlyList<ErrorText> OfOAuth { get; } = [.. Sources([OAuthErrorFile, GuardFile]).SelectMany(InOAuth).Where(error => !error.Code.Contains('{', StringComparison.Ordinal)).Distinct().OrderBy(error => error.Code, StringComparer.Ordinal).ThenBy(error => error.Text, StringComparer.Ordinal)];

    /// <summary>Of the management API.</summary>
    public static IReadOnlyList<ErrorText> OfApi { get; } = [.. Sources([ApiProblemFile]).SelectMany(InApi).Distinct().OrderBy(error => error.Code, StringComparer.Ordinal).ThenBy(error => error.Text, StringComparer.Ordinal)];

    /// <summary>What the server says at its start about settings.</summary>
    public static IReadOnlyList<string> OfSettings { get; } =
    [
        .. Repository.Files($"{Folder}/FunctionsAuth.Protocol/Configuration", "*.cs").Append($"{Folder}/FunctionsAuth.Azure/AppSettings.cs").SelectMany(file => Statements(file, Problem()))
            .Concat(Statements($"{Folder}/FunctionsAuth.Azure/SettingsReader.cs", Added()))
            .Concat(Repository.Files(Folder, "*.cs").SelectMany(file => Statements(file, Exception())))
            .Where(text => text.Contains(' ', StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal),
    ];

    /// <summary>How many calls in the source make an error, and how many of these were read.</summary>
    public static (int There, int Read) Calls => (
        Sources([OAuthErrorFile, GuardFile]).Sum(file => AnyCall().Count(Repository.Read(file))),
        Sources([OAuthErrorFile, GuardFile]).Sum(file => Call().Count(Repository.Read(file))));

    private static IEnumerable<string> Sources(string[] without) => Repository.Files(Folder, "*.cs").Except(without);

    private static IEnumerable<ErrorText> InOAuth(string file)
    {
        var code = Repository.Read(file);
        var owner = Path.GetFileNameWithoutExtension(file);
        var own = Factories(file, "OAuthException");
        foreach (Match call in Call().Matches(code))
        {
            // The body of a factory is read where the factory is called.
            if (own.Values.Any(factory => IsBodyOf(factory, code, call.Index)) || file == RegistrationErrorFile && call.Groups["of"].Value == "")
                continue;
            var arguments = CSharpText.Arguments(code, call.Index + call.Length);
            var name = call.Groups["name"].Value;
            var factory = call.Groups["of"].Value switch
            {
                "OAuthError" => OAuth.GetValueOrDefault(name),
                "RegistrationError" => Registration.GetValueOrDefault(name),
                "Guard" or "guard" => Guard.GetValueOrDefault(name),
                _ => new ErrorFactory("", ["error", "description"], "error", "{description}"),
            };
            foreach (var error in factory is null ? [] : Expand(factory, arguments, owner, file))
                yield return error;
        }
        foreach (var factory in own.Values.Where(factory => file != RegistrationErrorFile))
        {
            if (!factory.Parameters.Any(parameter => factory.Code == parameter || factory.Template.Contains($"{{{parameter.Split('=')[0]}}}", StringComparison.Ordinal)))
            {
                yield return new ErrorText(factory.Code, factory.Template, file);
                continue;
            }
            foreach (Match call in Regex.Matches(code, $@"(?<!OAuthException |\.){factory.Name}\("))
            {
                foreach (var error in Expand(factory, CSharpText.Arguments(code, call.Index + call.Length), owner, file))
                    yield return error;
            }
        }
    }

    private static IEnumerable<ErrorText> InApi(string file)
    {
        var code = Repository.Read(file);
        var owner = Path.GetFileNameWithoutExtension(file);
        foreach (Match call in ApiCall().Matches(code))
        {
            var arguments = CSharpText.Arguments(code, call.Index + call.Length);
            var factory = call.Groups["name"].Success ? Api[call.Groups["name"].Value] : new ErrorFactory("", ["status", "code", "detail"], "code", "{detail}");
            foreach (var error in Expand(factory, arguments, owner, file))
                yield return error;
        }
        foreach (Match fault in Fault().Matches(code))
        {
            var arguments = CSharpText.Arguments(code, fault.Index + fault.Length);
            foreach (var path in CSharpText.Texts(arguments[0], owner))
            {
                foreach (var detail in CSharpText.Texts(arguments[1], owner))
                    yield return new ErrorText("invalid_request", $"{path} {detail}".TrimStart(), file);
            }
        }
    }

    private static IEnumerable<ErrorText> Expand(ErrorFactory factory, List<string> arguments, string owner, string file)
    {
        IEnumerable<string> codes = [factory.Code];
        IEnumerable<string> texts = [factory.Template];
        foreach (var (index, parameter) in factory.Parameters.Index())
        {
            var parts = parameter.Split('=', 2);
            var values = index < arguments.Count ? ValuesOf(arguments[index], parts[0], owner) : parts.Length == 2 ? [parts[1]] : [];
            if (values.Count == 0)
                continue;
            texts = [.. texts.SelectMany(text => values, (text, value) => text.Replace($"{{{parts[0]}}}", value, StringComparison.Ordinal))];
            codes = factory.Code == parts[0] ? values : [.. codes.SelectMany(code => values, (code, value) => code.Replace($"{{{parts[0]}}}", value, StringComparison.Ordinal)).Distinct()];
        }
        return codes.SelectMany(code => texts.SelectMany(text => Resolved(text, file)), (code, text) => new ErrorText(code, text, file));
    }

    /// <summary>Where a method of the file found the problem, the texts that it can return.</summary>
    private static IEnumerable<string> Resolved(string text, string file)
    {
        if (text != "{problem}")
            return [text];
        List<string> problems = [.. Statements(file, Problem()).Where(problem => problem.Contains(' ', StringComparison.Ordinal))];
        return problems.Count > 0 ? problems : [text];
    }

    private static List<string> ValuesOf(string argument, string parameter, string owner)
    {
        List<string> texts = [.. CSharpText.Texts(argument, owner)];
        // A switch has its texts in braces behind arrows.
        if (texts.Count == 0 && argument.Contains("=>", StringComparison.Ordinal))
            texts = [.. Arrow().Matches(argument).Select(match => match.Groups[1].Value)];
        if (texts.Count > 0)
            return texts;
        return [.. CSharpText.Texts($"$\"{{{argument}}}\"", owner).Select(text => text.StartsWith('{') && parameter is "description" or "detail" ? "{problem}" : text)];
    }

    private static bool IsBodyOf(ErrorFactory factory, string code, int at)
    {
        var line = code.LastIndexOf('\n', at) + 1;
        return Regex.IsMatch(code[line..at], $@"OAuthException {factory.Name}\(");
    }

    private static Dictionary<string, ErrorFactory> Factories(string file, string type)
    {
        var code = Repository.Read(file);
        var owner = Path.GetFileNameWithoutExtension(file);
        Dictionary<string, ErrorFactory> factories = [];
        foreach (Match match in Factory(type).Matches(code))
        {
            var rest = code[(match.Index + match.Length)..];
            if (rest.IndexOf('{', StringComparison.Ordinal) is var block && block >= 0 && block < rest.IndexOf("=>", StringComparison.Ordinal))
                continue;
            string[] parameters = [.. CSharpText.Arguments(code, match.Index + match.Length).Select(ParameterOf)];
            var body = rest[(rest.IndexOf("=>", StringComparison.Ordinal) + 2)..];
            if (NewError().Match(body) is not { Success: true } made)
                continue;
            var arguments = CSharpText.Arguments(body, made.Length);
            if (made.Groups["oauth"].Success)
            {
                var other = OAuth[made.Groups["oauth"].Value];
                factories[match.Groups[1].Value] = new(match.Groups[1].Value, parameters, other.Code, other.Template.Replace($"{{{other.Parameters.FirstOrDefault()}}}", TemplateOf(arguments.FirstOrDefault() ?? "\"\"", owner), StringComparison.Ordinal));
                continue;
            }
            if (type == "ApiProblem")
                arguments.RemoveAt(0);
            factories[match.Groups[1].Value] = new(match.Groups[1].Value, parameters, TemplateOf(arguments[0], owner, isCode: true), TemplateOf(arguments[1], owner));
        }
        return factories;

        static string ParameterOf(string declared)
        {
            var parts = declared.Split(" = ", 2);
            var name = parts[0].Split(' ')[^1];
            return parts.Length == 2 ? $"{name}={parts[1].Trim('"')}" : name;
        }
    }

    /// <summary>A text, or the parameter that has it. As a code, a parameter stands without braces.</summary>
    private static string TemplateOf(string argument, string owner, bool isCode = false) =>
        CSharpText.Texts(argument, owner).FirstOrDefault() ?? (char.IsAsciiLetterLower(argument[0]) ? isCode ? argument : $"{{{argument}}}" : CSharpText.Texts($"$\"{{{argument}}}\"", owner).First());

    private static IEnumerable<string> Statements(string file, Regex begin)
    {
        var code = Repository.Read(file);
        return begin.Matches(code).SelectMany(match => CSharpText.Texts(CSharpText.Arguments(code, match.Index + match.Length).First().TrimStart('[').TrimEnd(']'), Path.GetFileNameWithoutExtension(file)));
    }

    private static Regex Factory(string type) => new($@"static {type} (\w+)\(");

    [GeneratedRegex(@"(?<!<see cref="")(?:\b(?<of>OAuthError|RegistrationError)\.(?<name>[A-Z]\w*)|\b(?<of>[Gg]uard)\.(?<name>Refuse|NotValid|Unauthenticated)|new OAuthException|: OAuthException)\(")]
    private static partial Regex Call();

    [GeneratedRegex(@"(OAuthError|RegistrationError)\s*\.\s*(?!AccessDenied\b|InvalidToken\b(?!\()|ServerError\b|TemporarilyUnavailable\b)\w+|new OAuthException\b|: OAuthException\(|\b[Gg]uard\s*\.\s*(Refuse|NotValid|Unauthenticated)\b")]
    private static partial Regex AnyCall();

    [GeneratedRegex(@"(?:ApiProblem\.(?<name>[A-Z]\w*)|new ApiProblem)\(")]
    private static partial Regex ApiCall();

    [GeneratedRegex(@"new ApiFault\(")]
    private static partial Regex Fault();

    [GeneratedRegex(@"^\s*(?:throw )?(?:OAuthError\.(?<oauth>\w+)|new(?: OAuthException)?)\(")]
    private static partial Regex NewError();

    [GeneratedRegex(@"=> ""([^""]+)""")]
    private static partial Regex Arrow();

    [GeneratedRegex(@"yield return |return \[(?=\$?"")|return (?=\$?"")|select (?=\$?"")|=> (?=\$?"")|\? (?=\$?"")|: (?=\$?"")|\[\](?= : \[\$?"")")]
    private static partial Regex Problem();

    [GeneratedRegex(@"problems\.Add\(")]
    private static partial Regex Added();

    [GeneratedRegex(@"new SettingsException\(\[")]
    private static partial Regex Exception();
}
