#!/usr/bin/env dotnet
#:property PublishAot=false
#:project eng/FunctionsAuth.Dev/FunctionsAuth.Dev.csproj

// Builds, runs and tests FunctionsAuth: `dotnet dev.cs help`. The commands are listed in eng/FunctionsAuth.Dev/Commands/CommandList.cs.
return await FunctionsAuth.Dev.Program.RunAsync(args);
